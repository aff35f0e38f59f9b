package drivers

// Where the names come from. "guide": vendor documents and running templates
// agree. "templates": several public templates use the name.
const (
	fromGuide     = "guide"
	fromTemplates = "templates"
)
