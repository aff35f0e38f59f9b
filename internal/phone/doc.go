// Package phone is the side of the house that faces the phones: it answers their
// requests for configuration over HTTPS, and over plain HTTP nothing but a
// pointer to HTTPS. It decides nothing about trust (Devices does), keeps nothing
// but memory that may be lost, and never shows an HTML page.
//
// Four doors: /d/<token>/ is a device's own directory (stage 2), /f/<token>/ is
// its first access (P03 b), a bare file name, also under /p/, is stage 1, and
// /k/<token>/ holds the pages that a device's keys open (H02 b).
package phone
