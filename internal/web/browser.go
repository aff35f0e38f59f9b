package web

import "strings"

// browserOf names the browser and system of a User-Agent well enough to know
// one's own sessions apart.
func browserOf(agent string) string {
	name := first(agent, "Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first(agent, "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "macOS", "Linux", "Linux")
	switch {
	case name == "" && system == "":
		agent, _, _ = strings.Cut(agent, " ")
		return agent
	case name == "" || system == "":
		return name + system
	}
	return name + " · " + system
}

// first is the name of the first mark that the text holds; marks and names in turn.
func first(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}
