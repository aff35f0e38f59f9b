package view

// SignInModel is the sign-in page.
type SignInModel struct {
	Form Form
	Next string // where it leads
}
