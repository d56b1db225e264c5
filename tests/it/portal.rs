//! A whole portal of any size, the same each time: eight channels with one below each, tags, sources, covers, views,
//! placements, navigation, footer pages. What it holds follows from the number of an article alone.

use serde_json::json;

use crate::records::{
    Record, article, author, basics, channel, media, navigation, page, placement, redirect, source, tag, topic,
};

pub const CHANNELS: [(&str, &str); 8] = [
    ("hydrogen", "氢能科技"),
    ("materials", "新材料"),
    ("intelligence", "人工智能"),
    ("ocean", "海洋经济"),
    ("medicine", "生物医药"),
    ("space", "商业航天"),
    ("linjia", "临岬开发区"),
    ("qingyu", "青屿园区"),
];

pub const TAGS: [&str; 12] =
    ["政策", "燃料电池", "储能", "机器人", "芯片", "海上风电", "创新药", "卫星", "招商引资", "绿色金融", "标准", "人才"];

const MINUTE_MS: i64 = 60_000;

/// 2026-02-01T00:00:00Z.
const START_MS: i64 = 1_769_904_000_000;

pub fn instant(millis: i64) -> String {
    tidings::clock::instant(millis).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The name of article number `i`, which is its slug too.
pub fn name(i: usize) -> String {
    format!("article-{i:06}")
}

/// Article number `i`: three in a row share their time of publication, view counts repeat.
pub fn nth(i: usize) -> Record {
    let number = i64::try_from(i).expect("a small number");
    let (slug, _) = CHANNELS[i % CHANNELS.len()];
    let home = if i.is_multiple_of(3) { format!("{slug}-below") } else { slug.to_owned() };
    let mut record = article(&name(i))
        .channel(&home)
        .published(&instant(START_MS - number / 3 * MINUTE_MS))
        .set("title", format!("{}：第{i}号示范项目通过验收", CHANNELS[i % CHANNELS.len()].1))
        .set("summary", format!("第{i}号示范项目历时十八个月建成，今日通过专家组验收，转入常态化运行。"))
        .set("bodyText", "项目历时十八个月建成。\n专家组认为，系统运行稳定，指标达到设计要求。")
        .views(number * 7_919 % 997)
        .tags(&[TAGS[i % TAGS.len()], TAGS[i / 5 % TAGS.len()]]);
    if i.is_multiple_of(2) {
        record = record.set("cover", format!("picture-{}", i % 10));
    }
    if !i.is_multiple_of(5) {
        record = record.set("source", format!("source-{}", i % 4));
    }
    if i.is_multiple_of(11) {
        record = record.set("topics", json!(["hydrogen-year"]));
    }
    if i.is_multiple_of(7) {
        record = record.set("authors", json!(["shen-lanzhou"])).set("channels", json!(["qingyu"]));
    }
    record
}

/// Everything but articles and what names them.
pub fn nouns() -> Vec<Record> {
    let mut records = basics();
    for (slug, name) in CHANNELS {
        records.push(channel(slug).set("name", name));
        records.push(channel(&format!("{slug}-below")).set("name", format!("{name}深度")).parent(slug));
    }
    records.extend(TAGS.iter().enumerate().map(|(i, name)| tag(&format!("tag-{i}")).set("name", *name)));
    let licence = |i: usize| source(&format!("source-{i}")).set("licence", "CC-BY-4.0").set("url", "https://source.example");
    records.extend((0..4).map(licence));
    records.push(author("shen-lanzhou").set("name", "沈岚洲"));
    let picture =
        |i: usize| media(&format!("picture-{i}")).set("alt", "加氢站罩棚下，公交车正在加注").set("dominantColor", "#3b8ea5");
    records.extend((0..10).map(picture));
    records.push(topic("hydrogen-year").set("title", "氢能示范这一年").set("cover", "picture-1"));
    records.push(page("about").set("title", "关于我们"));
    records.push(page("contact").set("title", "联系方式").set("position", 2));
    for (i, (slug, name)) in CHANNELS.iter().enumerate() {
        records.push(navigation(&format!("nav-{slug}")).set("label", *name).set("position", i).channel(slug));
    }
    let below = navigation("nav-about").parent("nav-hydrogen").set("page", "about").set("label", "关于我们");
    records.push(below);
    records
}

/// A portal with `count` articles, numbered from 0; the lower the number, the newer.
pub fn whole(count: usize) -> Vec<Record> {
    let mut records = nouns();
    records.extend((0..count).map(nth));
    let names: Vec<String> = (0..count.min(120)).map(name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let slot = |slot: &str, every: usize, offset: usize| {
        let shown: Vec<&str> = names.iter().copied().skip(offset).step_by(every).collect();
        placement(slot, &shown).set("externalId", format!("slot-{slot}-{offset}"))
    };
    records.push(slot("picture-stories", 2, 0));
    records.push(slot("recommended-news", 1, 1));
    records.push(slot("picture-stories", 2, 4).set("externalId", "slot-hydrogen").channel("hydrogen"));
    records.push(redirect("old-1", "https://old.example/news/1.html", names[0]));
    records
}
