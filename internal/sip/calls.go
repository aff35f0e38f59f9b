package sip

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"syscall"

	"github.com/emiago/sipgo"
	siplib "github.com/emiago/sipgo/sip"
)

// sipgo's package globals are set once, before anything of it runs.
var setGlobals = sync.OnceFunc(func() {
	siplib.UDPMTUSize = 65535                              // else it refuses to send above 1,300 bytes
	siplib.SetDefaultLogger(slog.New(slog.DiscardHandler)) // it logs foreign messages whole; we count them
})

// calls is everything that is neither a REGISTER nor a keep-alive: sipgo's
// transactions behind our sockets. Until calls are built it refuses each method
// in the words of its own RFC.
type calls struct {
	ua  *sipgo.UserAgent
	srv *sipgo.Server
}

var errNoDial = errors.New("sip: requests go down the flow the phone opened")

// noDial keeps sipgo from ever opening a connection to a phone (C04).
func noDial(net.Addr) net.Dialer {
	return net.Dialer{ControlContext: func(context.Context, string, string, syscall.RawConn) error { return errNoDial }}
}

func newCalls() (*calls, error) {
	setGlobals()
	quiet := slog.New(slog.DiscardHandler)
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgent("Tischlein"),
		sipgo.WithUserAgentDNSResolver(&net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errNoDial // nor must a stranger's Via make us ask the DNS
		}}),
		sipgo.WithUserAgentTransportLayerOptions(
			siplib.WithTransportLayerLogger(quiet),
			siplib.WithTransportLayerTransports(siplib.TransportsConfig{
				TCP: &siplib.TransportTCP{DialerCreate: noDial},
				TLS: &siplib.TransportTLS{TransportTCP: &siplib.TransportTCP{DialerCreate: noDial}},
			}),
		),
		sipgo.WithUserAgentTransactionLayerOptions(
			siplib.WithTransactionLayerLogger(quiet),
			siplib.WithTransactionLayerUnhandledResponseHandler(func(*siplib.Response) {}),
			siplib.WithTransactionLayerTerminateOnConnClose(),
		),
	)
	if err != nil {
		return nil, fmt.Errorf("starting the transaction layer: %w", err)
	}
	srv, err := sipgo.NewServer(ua, sipgo.WithServerLogger(quiet))
	if err != nil {
		return nil, fmt.Errorf("starting the transaction layer: %w", err)
	}
	srv.OnInvite(refuseWith(501, "Calls Are Not Served Here Yet"))
	srv.OnAck(func(*siplib.Request, siplib.ServerTransaction) {})
	srv.OnCancel(refuseWith(481, "Call/Transaction Does Not Exist"))
	srv.OnBye(refuseWith(481, "Call/Transaction Does Not Exist"))
	srv.OnNotify(refuseWith(481, "Subscription Does Not Exist"))
	srv.OnSubscribe(refuseWith(489, "Bad Event"))
	srv.OnPublish(refuseWith(489, "Bad Event"))
	for _, m := range []siplib.RequestMethod{siplib.MESSAGE, siplib.REFER, siplib.INFO, siplib.UPDATE, siplib.PRACK} {
		srv.OnRequest(m, refuseWith(405, "Method Not Allowed"))
	}
	srv.OnNoRoute(refuseWith(501, "Not Implemented"))
	return &calls{ua: ua, srv: srv}, nil
}

func refuseWith(code int, reason string) sipgo.RequestHandler {
	return func(req *siplib.Request, tx siplib.ServerTransaction) {
		res := siplib.NewResponseFromRequest(req, code, reason, nil)
		res.AppendHeader(siplib.NewHeader("Allow", "REGISTER, OPTIONS"))
		if code == 489 {
			res.AppendHeader(siplib.NewHeader("Allow-Events", "check-sync"))
		}
		_ = tx.Respond(res) // the peer asks again when it is lost
		if req.Method != siplib.INVITE {
			// The transaction would live 32 s only to answer retransmissions, which
			// get the same answer without it. An INVITE's must wait for its ACK.
			tx.Terminate()
		}
	}
}

// serveUDP runs sipgo behind l; see maxHandoffPeers.
func (c *calls) serveUDP(l *udpListener) {
	for {
		l.calls.renew()
		_ = c.srv.ServeUDP(l.calls)
		select {
		case <-l.calls.gone:
			return
		default:
		}
	}
}

func (c *calls) serveStream(l *streamListener) {
	if l.transport == overTLS {
		_ = c.srv.ServeTLS(l.calls)
	} else {
		_ = c.srv.ServeTCP(l.calls)
	}
}

func (c *calls) close() { _ = c.ua.Close() }
