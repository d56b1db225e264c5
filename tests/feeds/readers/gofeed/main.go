// Reads feeds with Go's gofeed (RSS, Atom, JSON Feed): one line of JSON for each file named, in their order.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"
)

type object = map[string]interface{}

func main() {
	for _, path := range os.Args[1:] {
		if err := read(path); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			os.Exit(1)
		}
	}
}

func read(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	items := []object{}
	for _, it := range feed.Items {
		items = append(items, item(it))
	}
	if err := amend(feed.FeedType, raw, items); err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	// It does not tell whether an Atom text was plain or HTML.
	return encoder.Encode(object{"title_maybe_html": feed.Title, "items": items})
}

func item(it *gofeed.Item) object {
	out := object{
		"id": it.GUID, "url": it.Link, "title_maybe_html": it.Title, "summary_maybe_html": text(it.Description),
		"content_html": text(it.Content), "categories": list(it.Categories), "image": image(it),
		"published": instant(it.PublishedParsed), "enclosures": enclosures(it), "authors": authors(it),
	}
	// The only change time it knows of RSS is dc:date, which stands for the publication.
	if it.UpdatedParsed != nil {
		out["updated"] = instant(it.UpdatedParsed)
	}
	return out
}

// What the common type of the three formats loses is taken from the parser of the one.
func amend(format string, raw []byte, items []object) error {
	switch format {
	case "atom":
		feed, err := (&atom.Parser{}).Parse(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		for i, entry := range feed.Entries {
			names := []string{}
			for _, category := range entry.Categories {
				if category.Label != "" {
					names = append(names, category.Label)
				} else {
					names = append(names, category.Term)
				}
			}
			items[i]["categories"] = names
		}
	case "json":
		feed, err := (&jsonfeed.Parser{}).Parse(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		for i, entry := range feed.Items {
			attachments := []object{}
			if entry.Attachments != nil {
				for _, a := range *entry.Attachments {
					// The common type has the duration where the length belongs.
					attachments = append(attachments, object{"url": a.URL, "type": a.MimeType, "length": a.SizeInBytes})
				}
			}
			items[i]["enclosures"] = attachments
		}
	}
	return nil
}

func authors(it *gofeed.Item) []string {
	names := []string{}
	if it.DublinCoreExt != nil && it.DublinCoreExt.Creator != nil {
		return append(names, it.DublinCoreExt.Creator...)
	}
	for _, person := range it.Authors {
		names = append(names, person.Name)
	}
	return names
}

func enclosures(it *gofeed.Item) []object {
	found := []object{}
	for _, e := range it.Enclosures {
		length, _ := strconv.ParseInt(e.Length, 10, 64)
		found = append(found, object{"url": e.URL, "type": e.Type, "length": length})
	}
	return found
}

func image(it *gofeed.Item) interface{} {
	if it.Image != nil {
		return it.Image.URL
	}
	media := it.Extensions["media"]
	for _, found := range append(media["thumbnail"], media["content"]...) {
		if found.Name == "thumbnail" || found.Attrs["medium"] == "image" {
			return text(found.Attrs["url"])
		}
	}
	return nil
}

func instant(t *time.Time) interface{} {
	if t == nil {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

func text(s string) interface{} {
	if s == "" {
		return nil
	}
	return s
}

func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
