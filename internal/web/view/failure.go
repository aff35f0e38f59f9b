package view

// Failure is what an error page says.
type Failure struct {
	Status         int
	Title, Message string
	Home           string // where one can go on
}
