package storage

import (
	"fmt"
	"slices"
	"strings"
)

// set is a set of ids, told by indexes alone: those that of selects and that none
// of but selects, in their order. Each selects one column by the name of id, in the
// order of an index.
type set struct {
	of  string
	but []string
	via string // "" or a SELECT of other ids, of the set's where %s stands
	all bool   // via finds one for each
	// Of all customers: each selects customer_id before id, and is in their order.
	whose bool
}

// inOrder is the order of a set.
const inOrder = ` ORDER BY 1`

// Taking large sets from each other is the one thing that no text makes fast on
// both databases. SQLite goes through the indexes of EXCEPT side by side, and
// probes row by row where it is asked for what does not exist; PostgreSQL does the
// one by a table of all rows, and goes side by side for the other.

func exceptSets(x set) string { return strings.Join(append([]string{x.of}, x.but...), " EXCEPT ") }

func antiJoinSets(x set) string {
	if len(x.but) == 0 {
		return x.of
	}
	columns, same := "i.id", "n.id = i.id"
	if x.whose {
		columns, same = "i.customer_id, i.id", "n.customer_id = i.customer_id AND n.id = i.id"
	}
	var absent []string
	for _, not := range x.but {
		absent = append(absent, fmt.Sprintf("NOT EXISTS (SELECT 1 FROM (%s) n WHERE %s)", not, same))
	}
	return fmt.Sprintf("SELECT %s FROM (%s) i WHERE %s", columns, x.of, strings.Join(absent, " AND "))
}

// every is the text of a set, to stand within another, or to be counted. The limit
// keeps the order: SQLite would drop it, and build a tree of all rows where it could
// go through two indexes side by side.
func (d dialect) every(x set) string {
	order := inOrder
	if x.whose {
		order += `, 2`
	}
	return d.sets(x) + order + ` LIMIT 4611686018427387904`
}

// pace has the planner go on in the way that fits a set, or with none a page.
func (tx *Tx) pace(x set) error {
	pace := tx.d.walk
	if len(x.but) > 0 {
		pace = tx.d.merge
	}
	if pace == tx.paced {
		return nil
	}
	tx.paced = pace
	if _, err := tx.exec(pace); err != nil {
		return fmt.Errorf("preparing a list: %w", err)
	}
	return nil
}

// first are the first ids of a set.
func (tx *Tx) first(x set, most int, v values) ([]string, error) {
	if err := tx.pace(x); err != nil {
		return nil, err
	}
	bound := fmt.Sprintf("%s LIMIT %d", inOrder, most)
	text := tx.d.sets(x) + bound
	if x.via != "" {
		if !x.all {
			text = tx.d.every(x)
		}
		text = fmt.Sprintf(x.via, text) + bound
	}
	return list(tx, "ids", text, v, func(s scanner) (id string, err error) { return id, s.Scan(&id) })
}

// union are the ids of several sets. They are asked for apart, and what they are
// is then asked by their ids: PostgreSQL cannot know how few they are, and would
// read whole tables for them.
func (tx *Tx) union(v values, sets ...set) (string, error) {
	var ids []string
	for _, x := range sets {
		if err := tx.pace(x); err != nil {
			return "", err
		}
		text := tx.d.every(x)
		if x.via != "" {
			text = fmt.Sprintf(x.via, text)
		}
		some, err := list(tx, "ids", text, v, func(s scanner) (id string, err error) { return id, s.Scan(&id) })
		if err != nil {
			return "", err
		}
		ids = append(ids, some...)
	}
	slices.Sort(ids)
	return listText(slices.Compact(ids)), tx.pace(set{})
}

// size counts a set.
func (tx *Tx) size(x set, v values) (n int, err error) {
	if err := tx.pace(x); err != nil {
		return 0, err
	}
	text, args := named(`SELECT COUNT(*) FROM (`+tx.d.every(x)+`) size`, v)
	if err := tx.row(text, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting: %w", err)
	}
	return n, nil
}
