package main

import (
	"fmt"
	"net"

	"golang.org/x/net/ipv4"
)

// batch is how many datagrams go in one system call.
const batch = 64

// datagrams is one socket towards the server, many datagrams at a time.
type datagrams struct {
	socket  *net.UDPConn
	packets *ipv4.PacketConn
	in, out []ipv4.Message
	queued  int // of out
}

func openDatagrams(o options) (*datagrams, error) {
	to, err := net.ResolveUDPAddr("udp4", o.server)
	if err != nil {
		return nil, fmt.Errorf("resolving -server: %w", err)
	}
	var from *net.UDPAddr
	if o.local != "" {
		if from, err = net.ResolveUDPAddr("udp4", o.local); err != nil {
			return nil, fmt.Errorf("resolving -local: %w", err)
		}
	}
	socket, err := net.DialUDP("udp4", from, to)
	if err != nil {
		return nil, fmt.Errorf("opening socket: %w", err)
	}
	socket.SetReadBuffer(4 << 20)
	d := &datagrams{socket: socket, packets: ipv4.NewPacketConn(socket), in: make([]ipv4.Message, batch), out: make([]ipv4.Message, batch)}
	for i := range d.in {
		d.in[i].Buffers = [][]byte{make([]byte, 4096)}
		d.out[i].Buffers = make([][]byte, 1)
	}
	return d, nil
}

func (d *datagrams) Close() error { return d.socket.Close() }

// queue puts a datagram into the next batch; b must stay as it is until flush.
func (d *datagrams) queue(b []byte) {
	if d.queued == len(d.out) {
		d.out = append(d.out, ipv4.Message{Buffers: make([][]byte, 1)})
	}
	d.out[d.queued].Buffers[0] = b
	d.queued++
}

func (d *datagrams) flush() error {
	for sent := 0; sent < d.queued; {
		n, err := d.packets.WriteBatch(d.out[sent:min(d.queued, sent+batch)], 0)
		if err != nil {
			return fmt.Errorf("sending: %w", err)
		}
		sent += n
	}
	d.queued = 0
	return nil
}
