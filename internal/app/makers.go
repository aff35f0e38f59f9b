package app

import "tischlein/internal/provision"

// Makers are the makers whose devices can be kept, by name of their drivers.
func (a *App) Makers() []provision.Info {
	var list []provision.Info
	for _, d := range a.drivers.Drivers() {
		list = append(list, d.Info())
	}
	return list
}
