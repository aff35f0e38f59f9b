package phonesim

// read knows the objects of Yealink's family. Under which maker's name they go is
// not certain, so both are taken.
func (htek) read(body []byte) (shown, error) { return readObject(body, "Htek", "Yealink") }
