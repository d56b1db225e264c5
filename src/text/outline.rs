//! Plain text and blocks from a sanitised body. Reads only what `html::sanitise` writes (double-quoted attributes, five
//! entities), so a small reader is enough and fast; anything else is taken as text, never as an error.

/// How deep elements may nest before the inner ones are read as part of the outer: guards the stack.
const MAX_DEPTH: usize = 32;

/// A piece of a body that an app lays out by itself.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "named as in HTML")]
pub enum Block {
    Paragraph { html: String, text: String },
    Heading { level: i32, text: String },
    List { ordered: bool, items: Vec<String> },
    Quote { html: String, text: String },
    Image { url: String, alt: Option<String>, caption: Option<String>, width: Option<i32>, height: Option<i32> },
    Table { rows: Vec<Vec<String>>, has_header: bool },
    Code { text: String },
    Rule,
}

#[derive(Debug)]
enum Node<'a> {
    Text(&'a str),
    Element(Element<'a>),
}

#[derive(Debug)]
struct Element<'a> {
    tag: &'a str,
    attributes: &'a str,
    children: Vec<Node<'a>>,
    /// What stands in the source from the opening tag to the closing one.
    outer: &'a str,
    inner: &'a str,
}

/// The body as plain text: a line for each paragraph, heading, item or row.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for node in &parse(html) {
        write_text(node, &mut text);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    lines.join("\n")
}

/// The body as blocks, in order. Text that stands in no block becomes a paragraph.
pub fn blocks(html: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut loose = String::new();
    for node in &parse(html) {
        collect(node, &mut blocks, &mut loose);
    }
    flush(&mut blocks, &mut loose);
    blocks
}

fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "caption"
            | "pre"
            | "hr"
            | "br"
    )
}

fn write_text(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Text(raw) => out.push_str(&decode(raw)),
        Node::Element(e) => {
            let block = is_block(e.tag);
            if block {
                out.push('\n');
            }
            for child in &e.children {
                write_text(child, out);
            }
            match e.tag {
                "td" | "th" => out.push('\t'),
                _ if block => out.push('\n'),
                _ => {}
            }
        }
    }
}

fn text_of(element: &Element<'_>) -> String {
    let mut text = String::new();
    for child in &element.children {
        write_text(child, &mut text);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    lines.join("\n")
}

fn flush(blocks: &mut Vec<Block>, loose: &mut String) {
    let html = std::mem::take(loose);
    let text = plain_text(&html);
    if !text.is_empty() {
        blocks.push(Block::Paragraph { html: html.trim().to_owned(), text });
    }
}

fn collect(node: &Node<'_>, blocks: &mut Vec<Block>, loose: &mut String) {
    let element = match node {
        Node::Text(raw) => return loose.push_str(raw),
        Node::Element(element) if !is_block(element.tag) && element.tag != "img" => return loose.push_str(element.outer),
        Node::Element(element) => element,
    };
    if element.tag == "br" {
        return loose.push_str(element.outer);
    }
    flush(blocks, loose);
    let text = || text_of(element);
    match element.tag {
        "p" => paragraph(element, blocks),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            blocks.push(Block::Heading { level: i32::from(element.tag.as_bytes()[1] - b'0'), text: text() });
        }
        "ul" | "ol" => blocks.push(Block::List {
            ordered: element.tag == "ol",
            items: elements(element).filter(|e| e.tag == "li").map(text_of).collect(),
        }),
        "dl" => blocks.push(Block::List { ordered: false, items: elements(element).map(text_of).collect() }),
        "blockquote" => blocks.push(Block::Quote { html: element.inner.trim().to_owned(), text: text() }),
        "figure" => figure(element, blocks),
        "img" => blocks.push(image(element, None)),
        "table" => blocks.push(table(element)),
        "pre" => blocks.push(Block::Code { text: raw_text(element) }),
        "hr" => blocks.push(Block::Rule),
        _ => {
            for child in &element.children {
                collect(child, blocks, loose);
            }
            flush(blocks, loose);
        }
    }
}

/// A paragraph; a picture in it becomes a block of its own after the text.
fn paragraph(element: &Element<'_>, blocks: &mut Vec<Block>) {
    let text = text_of(element);
    if !text.is_empty() {
        blocks.push(Block::Paragraph { html: element.inner.trim().to_owned(), text });
    }
    let mut images = Vec::new();
    find(element, "img", &mut images);
    blocks.extend(images.into_iter().map(|e| image(e, None)));
}

fn figure(element: &Element<'_>, blocks: &mut Vec<Block>) {
    let mut captions = Vec::new();
    find(element, "figcaption", &mut captions);
    let caption = captions.first().map(|c| text_of(c)).filter(|t| !t.is_empty());
    let mut images = Vec::new();
    find(element, "img", &mut images);
    if images.is_empty() {
        let text = text_of(element);
        blocks.push(Block::Paragraph { html: element.inner.trim().to_owned(), text });
    }
    blocks.extend(images.into_iter().map(|e| image(e, caption.clone())));
}

fn image(element: &Element<'_>, caption: Option<String>) -> Block {
    let number = |name| attribute(element, name).and_then(|v| v.parse().ok());
    Block::Image {
        url: attribute(element, "src").unwrap_or_default(),
        alt: attribute(element, "alt").filter(|a| !a.is_empty()),
        caption,
        width: number("width"),
        height: number("height"),
    }
}

fn table(element: &Element<'_>) -> Block {
    let mut rows = Vec::new();
    find(element, "tr", &mut rows);
    let is_cell = |e: &&Element<'_>| matches!(e.tag, "td" | "th");
    let has_header = rows.first().is_some_and(|row| elements(row).any(|e| e.tag == "th"));
    let rows = rows.into_iter().map(|row| elements(row).filter(is_cell).map(text_of).collect()).collect();
    Block::Table { rows, has_header }
}

fn raw_text(element: &Element<'_>) -> String {
    let mut text = String::new();
    for child in &element.children {
        match child {
            Node::Text(raw) => text.push_str(&decode(raw)),
            Node::Element(e) if e.tag == "br" => text.push('\n'),
            Node::Element(e) => text.push_str(&raw_text(e)),
        }
    }
    text.trim_matches('\n').to_owned()
}

fn elements<'e, 'a>(element: &'e Element<'a>) -> impl Iterator<Item = &'e Element<'a>> {
    element.children.iter().filter_map(|n| match n {
        Node::Element(e) => Some(e),
        Node::Text(_) => None,
    })
}

fn find<'e, 'a>(element: &'e Element<'a>, tag: &str, found: &mut Vec<&'e Element<'a>>) {
    for child in elements(element) {
        if child.tag == tag {
            found.push(child);
        } else {
            find(child, tag, found);
        }
    }
}

fn attribute(element: &Element<'_>, name: &str) -> Option<String> {
    let mut rest = element.attributes;
    while let Some((key, tail)) = rest.split_once("=\"") {
        let (value, tail) = tail.split_once('"')?;
        if key.trim() == name {
            return Some(decode(value));
        }
        rest = tail;
    }
    None
}

/// The five entities that HTML serialisation writes (HTML standard, §13.3 "escaping a string").
fn decode(raw: &str) -> String {
    if !raw.contains('&') {
        return raw.to_owned();
    }
    raw.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// An element whose end has not been seen yet.
struct Open<'a> {
    tag: &'a str,
    attributes: &'a str,
    children: Vec<Node<'a>>,
    start: usize,
    inner: usize,
}

fn parse(html: &str) -> Vec<Node<'_>> {
    let mut stack = vec![Open { tag: "", attributes: "", children: Vec::new(), start: 0, inner: 0 }];
    // Elements opened beyond the depth limit, not yet closed.
    let mut beyond = 0_usize;
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let Some(end) = rest.starts_with('<').then(|| tag_end(rest)).flatten() else {
            let next = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(i, _)| i);
            push(&mut stack, Node::Text(&rest[..next]));
            at += next;
            continue;
        };
        let (body, after) = (&rest[1..end], at + end + 1);
        if let Some(tag) = body.strip_prefix('/') {
            if beyond > 0 {
                beyond -= 1;
            } else if stack.len() > 1 && stack.last().is_some_and(|o| o.tag == tag) {
                close(&mut stack, html, at, after);
            }
        } else {
            let (tag, attributes) = body.split_once(' ').unwrap_or((body, ""));
            let void = matches!(tag, "br" | "hr" | "img" | "source");
            if void {
                push(
                    &mut stack,
                    Node::Element(Element { tag, attributes, children: Vec::new(), outer: &html[at..after], inner: "" }),
                );
            } else if stack.len() > MAX_DEPTH {
                beyond += 1;
            } else {
                stack.push(Open { tag, attributes, children: Vec::new(), start: at, inner: after });
            }
        }
        at = after;
    }
    while stack.len() > 1 {
        close(&mut stack, html, html.len(), html.len());
    }
    stack.pop().map(|root| root.children).unwrap_or_default()
}

/// Where the tag at the start of `rest` ends: the first `>` outside quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quoted = false;
    rest.bytes().enumerate().find_map(|(i, b)| match b {
        b'"' => {
            quoted = !quoted;
            None
        }
        b'>' if !quoted => Some(i),
        _ => None,
    })
}

fn push<'a>(stack: &mut [Open<'a>], node: Node<'a>) {
    if let Some(top) = stack.last_mut() {
        top.children.push(node);
    }
}

fn close<'a>(stack: &mut Vec<Open<'a>>, html: &'a str, inner_end: usize, outer_end: usize) {
    if let Some(open) = stack.pop() {
        let element = Element {
            tag: open.tag,
            attributes: open.attributes,
            children: open.children,
            outer: &html[open.start..outer_end],
            inner: &html[open.inner..inner_end],
        };
        push(stack, Node::Element(element));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::sanitise;

    #[test]
    fn a_body_as_text() {
        let html = sanitise("<h2>氢能</h2><p>第一段,<b>重点</b>&amp;更多<br>换行</p><ul><li>甲</li><li>乙</li></ul>");
        assert_eq!(plain_text(&html), "氢能\n第一段,重点&更多\n换行\n甲\n乙");
    }

    #[test]
    fn a_body_as_blocks() {
        let html = sanitise(
            "开头<h2>题</h2><p>段<i>落</i></p><figure><img src=/a.png alt=图 width=3><figcaption>说明</figcaption></figure>\
             <table><tr><th>甲</th></tr><tr><td>1</td></tr></table><pre>a\n b</pre><hr><blockquote><p>引文</p></blockquote>",
        );
        let found = blocks(&html);
        assert_eq!(found[0], Block::Paragraph { html: "开头".into(), text: "开头".into() });
        assert_eq!(found[1], Block::Heading { level: 2, text: "题".into() });
        assert_eq!(found[2], Block::Paragraph { html: "段<i>落</i>".into(), text: "段落".into() });
        let image = Block::Image {
            url: "/a.png".into(),
            alt: Some("图".into()),
            caption: Some("说明".into()),
            width: Some(3),
            height: None,
        };
        assert_eq!(found[3], image);
        assert_eq!(found[4], Block::Table { rows: vec![vec!["甲".into()], vec!["1".into()]], has_header: true });
        assert_eq!(found[5], Block::Code { text: "a\n b".into() });
        assert_eq!(found[6], Block::Rule);
        assert_eq!(found[7], Block::Quote { html: "<p>引文</p>".into(), text: "引文".into() });
    }

    #[test]
    fn deep_nesting_is_flattened() {
        let html = format!("{}氢能{}", "<b>".repeat(5_000), "</b>".repeat(5_000));
        assert_eq!(plain_text(&html), "氢能");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(html in any::<String>()) {
            drop(blocks(&html));
            drop(plain_text(&html));
        }
    }
}
