// Package call carries calls: it forks them to the devices of an extension,
// keeps their dialogs, and answers the codes for logging in and out itself. It
// knows no rule of who may call whom (that is a CallPlan from the house) and
// stores nothing itself.
package call
