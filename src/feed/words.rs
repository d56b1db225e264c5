//! What pages and embeds say besides what articles say, in Chinese and English.

/// The words of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as what they say")]
pub struct Words {
    pub language: &'static str,
    pub newest: &'static str,
    pub ranking: &'static str,
    pub empty: &'static str,
    pub source: &'static str,
    pub author: &'static str,
    pub published: &'static str,
    pub updated: &'static str,
    pub summary: &'static str,
    pub disclaimer: &'static str,
    pub original: &'static str,
    pub related: &'static str,
    pub files: &'static str,
    pub complain: &'static str,
    pub feed: &'static str,
    pub home: &'static str,
    pub path: &'static str,
    pub channels: &'static str,
    pub more: &'static str,
    pub withdrawn: &'static str,
    pub missing: &'static str,
    pub nothing: &'static str,
    pub refused: &'static str,
    pub corrections: &'static str,
    /// How a day is written; see `chrono::format::strftime`.
    pub day: &'static str,
}

const CHINESE: Words = Words {
    language: "zh-Hans",
    newest: "最新文章",
    ranking: "点击排行",
    empty: "暂无内容",
    source: "来源",
    author: "作者",
    published: "发布于",
    updated: "更新于",
    summary: "核心提示",
    disclaimer: "免责声明",
    original: "查看原文",
    related: "同类资讯",
    files: "附件",
    complain: "投诉联系方式",
    feed: "订阅",
    home: "网站首页",
    path: "当前位置",
    channels: "频道",
    more: "下一页",
    withdrawn: "本文已撤下",
    missing: "没有找到这篇文章",
    nothing: "没有这个页面",
    refused: "此内容不可用",
    corrections: "更正说明",
    day: "%-m月%-d日",
};

const ENGLISH: Words = Words {
    language: "en",
    newest: "Latest articles",
    ranking: "Most read",
    empty: "Nothing here yet",
    source: "Source",
    author: "By",
    published: "Published",
    updated: "Updated",
    summary: "In brief",
    disclaimer: "Disclaimer",
    original: "Original",
    related: "Related",
    files: "Files",
    complain: "Complaints",
    feed: "Feeds",
    home: "Home",
    path: "You are here",
    channels: "Channels",
    more: "Next page",
    withdrawn: "This article was withdrawn",
    missing: "There is no such article",
    nothing: "There is no such page",
    refused: "This is not available",
    corrections: "Corrections",
    day: "%-d %b",
};

impl Words {
    /// Those of a language tag: English for `en`, Chinese for all else.
    pub fn of(language: &str) -> &'static Self {
        if language.eq_ignore_ascii_case("en") || language.to_ascii_lowercase().starts_with("en-") { &ENGLISH } else { &CHINESE }
    }
}
