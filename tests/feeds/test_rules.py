"""Tests of the rules: a good feed of each format has no finding, and each thing spoilt in it has the one it should.

What to expect was seen from the W3C feed validator itself; where a rule is ours, a comment says so.
"""

import sys

import rules
from rules import json_feed

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<channel>
<title>门户 &#x26; 站</title>
<link>https://news.example.com/</link>
<description>科技新闻</description>
<language>zh-Hans</language>
<copyright>© 门户</copyright>
<lastBuildDate>Wed, 01 May 2024 08:00:00 GMT</lastBuildDate>
<generator>Tidings</generator>
<docs>https://www.rssboard.org/rss-specification</docs>
<ttl>5</ttl>
<image><url>https://news.example.com/logo.png</url><title>门户 &#x26; 站</title><link>https://news.example.com/</link></image>
<atom:link rel="self" type="application/rss+xml" href="https://news.example.com/feed/site.rss"/>
<atom:link rel="next" type="application/rss+xml" href="https://news.example.com/feed/site.rss?after=x"/>
<at:deleted-entry ref="https://news.example.com/a/9" when="2024-05-01T08:00:00Z"/>
<item>
<title>&#x3C;b&#x3E;氢能&#x3C;\u2060/b&#x3E; &#x26;amp; ]]&#x3E;</title>
<link>https://news.example.com/a/1</link>
<guid isPermaLink="true">https://news.example.com/a/1</guid>
<pubDate>Wed, 01 May 2024 08:00:00 GMT</pubDate>
<atom:updated>2024-05-01T09:00:00Z</atom:updated>
<dc:creator>张三</dc:creator>
<dc:creator>李四</dc:creator>
<category domain="https://news.example.com/channel/tech">科技</category>
<description>一 &amp;lt; 二</description>
<content:encoded>&lt;p&gt;正文&amp;nbsp;&lt;a href="https://news.example.com/b"&gt;链&lt;/a&gt;&lt;/p&gt;</content:encoded>
<source url="https://source.example.com/">来源</source>
<enclosure url="https://news.example.com/m/1.jpg" length="0" type="image/jpeg"/>
<media:content url="https://news.example.com/m/1.jpg" type="image/jpeg" medium="image" width="800" height="600"><media:description type="html">图 &amp;lt;/b&amp;gt;</media:description><media:credit role="photographer">王五</media:credit></media:content>
<media:thumbnail url="https://news.example.com/m/1.jpg"/>
</item>
<item><title>二</title><guid isPermaLink="false">tag:news.example.com,2024:2</guid></item>
</channel>
</rss>
"""

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="zh-CN">
<id>https://news.example.com/feed/site.atom</id>
<title>门户</title>
<updated>2024-05-01T08:00:00Z</updated>
<author><name>门户</name><uri>https://news.example.com/</uri></author>
<generator uri="https://tidings.example.com/" version="1">Tidings</generator>
<icon>https://news.example.com/icon.png</icon>
<link rel="self" type="application/atom+xml" href="https://news.example.com/feed/site.atom"/>
<link rel="alternate" type="text/html" href="https://news.example.com/"/>
<link rel="next" href="https://news.example.com/feed/site.atom?after=x"/>
<at:deleted-entry ref="https://news.example.com/a/9" when="2024-05-01T08:00:00Z"><at:comment>撤稿</at:comment></at:deleted-entry>
<entry>
<id>https://news.example.com/a/1</id>
<title type="html">&amp;lt;b&amp;gt;氢能&amp;lt;/b&amp;gt; &amp;amp;amp;</title>
<link rel="alternate" type="text/html" href="https://news.example.com/a/1"/>
<link rel="enclosure" type="image/jpeg" length="5" href="https://news.example.com/m/1.jpg"/>
<link rel="via" title="来源" href="https://source.example.com/1"/>
<published>2024-05-01T08:00:00Z</published>
<updated>2024-05-01T09:00:00Z</updated>
<author><name>张三</name></author>
<category term="tech" scheme="https://news.example.com/channel" label="科技"/>
<source><id>https://source.example.com/</id><title>来源</title><updated>2024-05-01T08:00:00Z</updated></source>
<rights>© 门户</rights>
<summary>一 &lt; 二</summary>
<content type="html">&lt;p&gt;正文&lt;/p&gt;</content>
<media:content url="https://news.example.com/m/1.jpg" medium="image"/>
</entry>
<entry><id>https://news.example.com/a/2</id><title>二</title><updated>2024-05-01T09:00:00.0Z</updated><content type="html">&lt;p&gt;二&lt;/p&gt;</content></entry>
</feed>
"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "门户", "home_page_url": "https://news.example.com/",
"feed_url": "https://news.example.com/feed/site.json", "next_url": "https://news.example.com/feed/site.json?after=x",
"language": "zh-CN", "_tidings": {"deleted": []}, "items": [
{"id": "1", "url": "https://news.example.com/a/1", "title": "<b>氢能</b>", "content_html": "<p>正文</p>", "summary": "一 < 二",
"date_published": "2024-05-01T16:00:00+08:00", "date_modified": "2024-05-01T09:00:00Z", "authors": [{"name": "张三"}],
"tags": ["科技"], "image": "https://news.example.com/m/1.jpg",
"attachments": [{"url": "https://news.example.com/m/1.jpg", "mime_type": "image/jpeg", "size_in_bytes": 5}]},
{"id": "2", "content_html": "<p>二</p>"}]}
"""

ENCODED = '&lt;p&gt;正文&amp;nbsp;&lt;a href="https://news.example.com/b"&gt;链&lt;/a&gt;&lt;/p&gt;'
TITLE = "&#x3C;b&#x3E;氢能&#x3C;\u2060/b&#x3E; &#x26;amp; ]]&#x3E;"
ENCLOSURE = '<enclosure url="https://news.example.com/m/1.jpg" length="0" type="image/jpeg"/>'
MEDIA = '<media:content url="https://news.example.com/m/1.jpg" medium="image"/>'
SECOND = '<guid isPermaLink="false">tag:news.example.com,2024:2</guid>'

# (rule, what stands in the good feed, what stands there instead)
SPOILT_RSS = [
    ("SAXError", "</channel>", ""),
    ("SAXError", "张三", "张\x0b三"),
    ("InvalidRSSVersion", 'version="2.0"', 'version="2.1"'),
    ("ContainsHTML", TITLE, "&#x3C;b&#x3E;x&#x3C;/b&#x3E;"),
    ("ContainsHTML", TITLE, "&amp;amp;"),
    ("ContainsHTML", "科技</category>", "&lt;/p&gt;</category>"),
    ("CharacterData", TITLE, "&lt;b"),
    ("CharacterData", TITLE, "\n&#x3C;b"),
    ("NotBlank", TITLE, ""),
    ("InvalidLanguage", "zh-Hans", "zh_Hans"),
    ("MissingAtomSelfLink", 'rel="self"', 'rel="related"'),
    ("SelfDoesntMatchLocation", 'site.rss"', 'Site.rss"'),
    ("RelativeSelf", 'href="https://news.example.com/feed/site.rss"', 'href="/feed/site.rss"'),
    ("UnregisteredAtomLinkRel", 'rel="next"', 'rel="canonical"'),
    # In RSS that is ours, and so is the one form of times.
    (
        "LinkPastEnd",
        '<atom:link rel="next"',
        '<atom:link rel="last" href="https://news.example.com/feed/site.rss"/><atom:link rel="next"',
    ),
    ("InvalidRFC2822Date", "<pubDate>Wed, 01 May", "<pubDate>1 May"),
    ("MisplacedItem", "</channel>", "<ttl>5</ttl></channel>"),
    ("DuplicateElement", "</channel>", "<ttl>5</ttl></channel>"),
    ("DuplicateValue", SECOND, "<guid>https://news.example.com/a/1</guid>"),
    ("MissingGuid", SECOND, ""),
    ("NotSufficientlyUnique", SECOND, '<guid isPermaLink="false">2</guid>'),
    ("InvalidHttpGUID", SECOND, "<guid>a/2</guid>"),
    ("InvalidTAG", SECOND, "<guid>tag:二</guid>"),
    ("ItemMustContainTitleOrDescription", "<title>二</title>", ""),
    ("IncorrectDOW", "<pubDate>Wed", "<pubDate>Thu"),
    ("ImplausibleDate", "<pubDate>Wed, 01 May 2024", "<pubDate>Fri, 01 May 1970"),
    ("InvalidRFC3339Date", "2024-05-01T09:00:00Z", "2024-05-01 09:00"),
    ("InvalidContact", "<dc:creator>张三</dc:creator>", "<author>张三</author>"),
    ("DuplicateItemSemantics", "<dc:creator>张三</dc:creator>", "<author>a@example.com (张三)</author>"),
    ("NeedDescriptionBeforeContent", "<description>一 &amp;lt; 二</description>", ""),
    ("DuplicateEnclosure", ENCLOSURE, ENCLOSURE + ENCLOSURE),
    ("InvalidIntegerAttribute", 'length="0"', 'length=""'),
    ("UseZeroForUnknown", 'length="0"', 'length="-1"'),
    ("MissingAttribute", 'length="0"', ""),
    ("InvalidMIMEAttribute", 'length="0" type="image/jpeg"', 'length="0" type="jpeg"'),
    ("InvalidURLAttribute", ENCLOSURE, ENCLOSURE.replace("news.example.com", "localhost")),
    ("InvalidPositiveInteger", 'width="800"', 'width="0"'),
    ("UnexpectedAttribute", 'width="800"', 'alt="图"'),
    ("InvalidMediaMedium", 'medium="image"', 'medium="picture"'),
    ("InvalidCreditRole", "photographer", "摄影"),
    ("ContainsUndeclaredHTML", 'type="html">图 &amp;lt;/b&amp;gt;', ">&lt;/b&gt;"),
    ("MediaGroupWithoutAlternatives", "<media:thumbnail", f"<media:group>{MEDIA}</media:group><media:thumbnail"),
    ("MediaRssNamespace", "yahoo.com/mrss/", "yahoo.com/mrss"),
    ("UriNotIri", "<link>https://news.example.com/a/1", "<link>https://news.example.com/文"),
    ("InvalidUriChar", "<link>https://news.example.com/a/1", "<link>https://news.example.com/[1]"),
    ("InvalidFullLink", "<link>https://news.example.com/a/1", "<link>/a/1"),
    ("MissingAttribute", ' url="https://source.example.com/"', ""),
    ("ImageTitleDoesntMatch", "<title>门户 &#x26; 站</title>\n<link>", "<title>门户</title>\n<link>"),
    ("ImageUrlFormat", "logo.png", "logo.svg"),
    ("InvalidWidth", "</image>", "<width>200</width></image>"),
    ("UndefinedElement", "<dc:creator>张三</dc:creator>", "<byline>张三</byline>"),
    ("UndefinedElement", "<dc:creator>张三</dc:creator>", "<dc:byline>张三</dc:byline>"),
    ("UnexpectedText", "<item>\n<title>&", "<item>文\n<title>&"),
    ("BadCharacters", "张三", "张\x85三"),
    ("BadCharacters", "张三", "张\ufffd三"),
    ("BadCharacters", "张三", "Â©"),
    ("ReservedPrefix", "xmlns:dc=", 'xmlns:dcterms="https://x.example.com/" xmlns:dc='),
    ("UnknownNamespace", "xmlns:dc=", 'xmlns:x="https://x.example.com/" xmlns:dc='),
    # Tombstones are ours.
    ("UnknownNamespace", '<at:deleted-entry ref="https://news.example.com/a/9" when="2024-05-01T08:00:00Z"/>', ""),
    ("MissingAttribute", ' when="2024-05-01T08:00:00Z"', ""),
    ("InvalidFullLink", 'ref="https://news.example.com/a/9"', 'ref="9"'),
    ("NotHtml", ENCODED, "A&amp;B"),
    ("NotHtml", ENCODED, "&lt;p&gt;一&lt;/p&gt;&lt;/p&gt;"),
    ("NotHtml", ENCODED, "&lt;b&gt;一"),
    ("NotHtml", ENCODED, "&lt;nobr&gt;一&lt;/nobr&gt;"),
    ("NotHtml", ENCODED, "\ufdd0"),
    ("SecurityRisk", ENCODED, "&lt;iframe&gt;&lt;/iframe&gt;"),
    ("SecurityRiskAttr", ENCODED, '&lt;p onclick="x"&gt;一&lt;/p&gt;'),
    ("DangerousStyleAttr", ENCODED, '&lt;p style="max-width:100%"&gt;一&lt;/p&gt;'),
    ("ContainsRelRef", ENCODED, '&lt;a href="#fn1"&gt;1&lt;/a&gt;'),
    ("ContainsRelRef", ENCODED, '&lt;img alt="图" src="//news.example.com/1.jpg"&gt;'),
    # Everywhere, not only in links and pictures, is ours.
    ("ContainsRelRef", ENCODED, '&lt;video poster="/1.jpg"&gt;&lt;/video&gt;'),
    (
        "ContainsRelRef",
        ENCODED,
        '&lt;img src="https://news.example.com/1" srcset="https://news.example.com/1 1x, /2 2x"&gt;',
    ),
]
SPOILT_ATOM = [
    (
        "LinkPastEnd",
        'rel="next" href="https://news.example.com/feed/site.atom?after=x"',
        'rel="next" href="https://news.example.com/x"/><link rel="last" href="https://news.example.com/feed/site.atom"',
    ),
    ("MissingElement", "<title>二</title>", ""),
    ("MissingElement", "<author><name>门户</name><uri>https://news.example.com/</uri></author>", ""),
    ("MissingSelf", 'rel="self"', 'rel="related"'),
    ("SelfNotAtom", 'rel="self" type="application/atom+xml"', 'rel="self" type="text/xml"'),
    ("NonCanonicalURI", "<id>https://news.example.com/a/1", "<id>https://News.example.com/a/1"),
    ("NonCanonicalURI", "<id>https://news.example.com/a/1", "<id>https://news.example.com/%7e1"),
    ("UnexpectedWhitespace", "<id>https://news.example.com/a/1", "<id> https://news.example.com/a/1"),
    ("DuplicateEntries", "<id>https://news.example.com/a/2", "<id>https://news.example.com/a/1"),
    ("DuplicateUpdated", "09:00:00.0Z", "09:00:00Z"),
    ("MisplacedMetadata", "</feed>", "<subtitle>文</subtitle></feed>"),
    ("ContainsUndeclaredHTML", "<title>二</title>", "<title>&#x3C;/b></title>"),
    ("ContainsUndeclaredHTML", "<title>二</title>", "<title>&amp;amp;</title>"),
    ("NotHtml", "<title>二</title>", '<title type="html">A&amp;B</title>'),
    ("InvalidTextType", "<title>二</title>", '<title type="text/plain">二</title>'),
    ("NotBlank", "<rights>© 门户</rights>", "<rights/>"),
    ("NotBlank", "<name>张三</name>", "<name/>"),
    ("ContainsEmail", "<name>张三</name>", "<name>张三 &lt;a@example.com&gt;</name>"),
    ("ContainsHTML", 'label="科技"', 'label="&lt;/b>"'),
    ("MissingAttribute", 'term="tech"', ""),
    ("FeedHistoryRelInEntry", 'rel="via"', 'rel="next"'),
    (
        "DuplicateAtomLink",
        '<link rel="via"',
        '<link type="text/html" href="https://news.example.com/a/8"/><link rel="via"',
    ),
    ("InvalidNonNegativeInteger", 'length="5"', 'length="-5"'),
    ("AttrNotBlank", 'title="来源"', 'title=""'),
    ("MissingHref", 'title="来源" href="https://source.example.com/1"', 'title="来源"'),
    ("MissingSourceElement", "<source><id>https://source.example.com/</id>", "<source>"),
    ("MissingContentOrAlternate", '<content type="html">&lt;p&gt;二&lt;/p&gt;</content>', "<summary>二</summary>"),
    (
        "MissingTextualContent",
        '<content type="html">&lt;p&gt;二&lt;/p&gt;</content>',
        '<link href="https://news.example.com/a/2"/>',
    ),
    ("InvalidRFC3339Date", "<published>2024-05-01T08:00:00Z", "<published>2024-05-01"),
    ("AvoidNamespacePrefix", "xmlns:media", 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media'),
    ("InvalidLanguage", 'xml:lang="zh-CN"', 'xml:lang="cmn"'),
]
SPOILT_JSON = [
    ("Json", "}]}", "}]"),
    ("Json", '"title": "门户"', '"title": "门户", "title": "门户"'),
    ("Schema", "version/1.1", "version/1"),
    ("Schema", '"id": "2"', '"id": 2'),
    ("Schema", '"id": "2", ', ""),
    ("Schema", ', "content_html": "<p>二</p>"', ""),
    ("Schema", "2024-05-01T09:00:00Z", "2024-05-01"),
    ("Schema", ', "mime_type": "image/jpeg"', ""),
    ("Schema", '"authors": [{"name": "张三"}]', '"authors": [{}]'),
    ("Schema", '"tags": ["科技"]', '"tags": "科技"'),
    ("Schema", '"summary"', '"abstract"'),
    ("Schema", '"url": "https://news.example.com/a/1"', '"url": "/a/1"'),
    ("FeedUrl", 'feed/site.json",', 'feed/Site.json",'),
    ("DuplicateId", '"id": "2"', '"id": "1"'),
    ("NotHtml", "<p>正文</p>", "<p>正文</b>"),
    ("ContainsRelRef", "<p>正文</p>", "<img src='/1.jpg'>"),
]


def found(check, text, ending, kind):
    raw = text.encode("utf-8")
    return [
        finding.rule
        for finding in check(raw, f"https://news.example.com/feed/site.{ending}", f"application/{kind}; charset=utf-8")
    ]


def main():
    passed, failed = 0, []
    for check, ending, kind, good, spoilt in (
        (rules.check_feed, "rss", "rss+xml", RSS, SPOILT_RSS),
        (rules.check_feed, "atom", "atom+xml", ATOM, SPOILT_ATOM),
        (json_feed.check_feed, "json", "feed+json", JSON, SPOILT_JSON),
    ):
        for rule, old, new in [(None, "", ""), *spoilt]:
            text = good.replace(old, new, 1) if old else good
            names = found(check, text, ending, kind)
            if (rule in names if rule else not names) and (text != good or not rule):
                passed += 1
            else:
                failed.append(f"{ending}: {rule or 'nothing'} wanted, {names} found: {new[:100]!r} for {old[:100]!r}")
    for problem in failed:
        print(problem)
    print(f"rules: {passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
