package storage

import (
	"crypto/rand"
	"fmt"
	"math/big"

	"tischlein/internal/telephony"
)

// ChannelByDesk finds the customer's channel by the short number on its phone's
// screen.
func (tx *Tx) ChannelByDesk(customerID, desk string) (telephony.Channel, error) {
	return one("channel", tx.row(`SELECT `+channelColumns+` FROM channels WHERE customer_id = $1 AND desk = $2 AND desk <> ''`, customerID, desk), scanChannel)
}

// FreeDesk is a random short number that none of the customer's channels has: of
// four digits, of more where those are nearly used up.
func (tx *Tx) FreeDesk(customerID string) (string, error) {
	for try := range 64 {
		n, err := deskNumber(4 + try/16)
		if err != nil {
			return "", err
		}
		var taken bool
		err = tx.row(`SELECT EXISTS (SELECT 1 FROM channels WHERE customer_id = $1 AND desk = $2 AND desk <> '')`, customerID, n).Scan(&taken)
		if err != nil {
			return "", fmt.Errorf("looking for a free desk number: %w", err)
		}
		if !taken {
			return n, nil
		}
	}
	return "", fmt.Errorf("looking for a free desk number: all that were tried are taken")
}

// deskNumber is random and does not begin with 0: people leave that out.
func deskNumber(digits int) (string, error) {
	least := int64(1)
	for range digits - 1 {
		least *= 10
	}
	n, err := rand.Int(rand.Reader, big.NewInt(9*least))
	if err != nil {
		return "", fmt.Errorf("making a desk number: %w", err)
	}
	return fmt.Sprint(least + n.Int64()), nil
}
