//! Small nouns as those change them who work here: like a line of an import, and seen from the answer on.

use serde_json::{Value, json};
use tidings::auth::{Permission, Role};
use tidings::db::Backend;

use crate::app::{TestApp, TestDatabase, backend};
use crate::crash::{Server, make_key};
use crate::records::{article, channel, media, page, placement, portal};
use crate::workflow::{Desk, text, tidings_id};

async fn errors(desk: &Desk<'_>, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let kind = if name.starts_with("delete") { "DeleteInput".to_owned() } else { kind };
    let query = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code field message }} }} }}");
    desk.data(&query, json!({ "input": input })).await[name]["userErrors"].clone()
}

async fn done(desk: &Desk<'_>, name: &str, input: Value) {
    assert_eq!(errors(desk, name, input.clone()).await, json!([]), "{name} {input}");
}

#[tokio::test]
async fn what_is_changed_shows_from_the_answer_on() {
    let app = TestApp::with(&portal([media("m")])).await;
    let desk = Desk::of(&app, "chief", Role::Chief).await;
    let news = app.id("channel", "news").await;
    done(&desk, "createChannel", json!({ "slug": "park", "name": "氢能园区", "parent": news, "kind": "PARK", "position": 3 }))
        .await;
    let shown = app.query("{ channel(by: {slug: \"park\"}) { name kind path { slug } } }").await["channel"].clone();
    assert_eq!((&shown["name"], &shown["kind"]), (&json!("氢能园区"), &json!("PARK")), "{shown}");
    let park = app.id("channel", "park").await;
    done(&desk, "updateChannel", json!({ "id": park, "name": "氢能示范园区", "description": "一座园区" })).await;
    let shown = app.query("{ channel(by: {slug: \"park\"}) { name kind description } }").await;
    assert_eq!(shown["channel"], json!({ "name": "氢能示范园区", "kind": "PARK", "description": "一座园区" }), "the rest stays");
    done(&desk, "updateChannel", json!({ "id": park, "description": null })).await;
    assert!(app.query("{ channel(by: {slug: \"park\"}) { description } }").await["channel"]["description"].is_null());
    let circle = errors(&desk, "updateChannel", json!({ "id": news, "parent": park })).await;
    assert_eq!(circle[0]["field"], "parent", "{circle}");
    let taken = errors(&desk, "createChannel", json!({ "slug": "park", "name": "又一个" })).await;
    assert_eq!(taken[0]["field"], "slug", "{taken}");

    let cover = tidings_id(b'M', app.database.numbers("SELECT id FROM media").await[0]);
    done(&desk, "createTag", json!({ "slug": "hydrogen", "name": "氢能" })).await;
    done(&desk, "createTopic", json!({ "slug": "expo", "title": "博览会", "cover": cover })).await;
    done(&desk, "createSource", json!({ "slug": "yantai", "name": "烟台开发区", "disclaimer": "仅供参考" })).await;
    done(&desk, "createAuthor", json!({ "slug": "liwei", "name": "李伟" })).await;
    done(&desk, "createMedia", json!({ "url": "/media/x.jpg", "width": 1200, "height": 675, "alt": "氢能车" })).await;
    done(&desk, "createPage", json!({ "slug": "about", "title": "关于我们", "body": "<p>门户</p><script>x</script>" })).await;
    done(&desk, "updateSite", json!({ "slogan": "看见新能源", "icpNumber": "粤ICP备1号" })).await;
    let query = "{ tag(by: {name: \"氢能\"}) { slug } topic(by: {slug: \"expo\"}) { title cover { id } } source(by: {slug: \"yantai\"}) { disclaimer } \
        site { slogan icpNumber name pages { title body } } }";
    let shown = app.query(query).await;
    assert_eq!(shown["tag"]["slug"], "hydrogen");
    assert_eq!(shown["topic"], json!({ "title": "博览会", "cover": { "id": cover } }));
    assert_eq!(shown["source"]["disclaimer"], "仅供参考");
    let pages = json!([{ "title": "关于我们", "body": "<p>门户</p>" }]);
    assert_eq!(
        shown["site"],
        json!({ "slogan": "看见新能源", "icpNumber": "粤ICP备1号", "name": "海岬科技资讯", "pages": pages })
    );
    let wrong = [
        ("createTag", json!({ "slug": "12", "name": "x" }), "slug"),
        ("createTopic", json!({ "slug": "t2", "title": "x", "cover": tidings_id(b'M', 99) }), "cover"),
        ("createTopic", json!({ "slug": "t2", "title": "x", "cover": park }), "cover"),
        ("createMedia", json!({ "url": "javascript:1", "width": 1, "height": 1 }), "url"),
        ("updateSite", json!({ "timeZone": "Mars/Olympus" }), "timeZone"),
        ("updateTag", json!({ "id": tidings_id(b'T', 99), "name": "x" }), "id"),
    ];
    for (name, input, field) in wrong {
        let found = errors(&desk, name, input.clone()).await;
        assert_eq!(found[0]["field"], field, "{name} {input}: {found}");
    }
    let journal = "SELECT count(*) FROM journal WHERE actor LIKE 'account:%' AND entity IN ('channel', 'tag', 'topic', 'source', 'author', 'media', 'page', 'site')";
    assert_eq!(app.database.numbers(journal).await, [10], "each change once");
}

#[tokio::test]
async fn navigation_leads_to_one_place_and_is_taken_away() {
    let app = TestApp::with(&portal([page("about")])).await;
    let desk = Desk::of(&app, "chief", Role::Chief).await;
    let (news, about) = (app.id("channel", "news").await, tidings_id(b'P', app.database.numbers("SELECT id FROM page").await[0]));
    done(&desk, "createNavigationItem", json!({ "label": "新闻", "channel": news })).await;
    let item = async || app.query("{ site { navigation { id label items { label } } } }").await["site"]["navigation"][0].clone();
    let first = item().await["id"].clone();
    done(&desk, "createNavigationItem", json!({ "label": "关于", "page": about, "parent": first })).await;
    assert_eq!(item().await["items"], json!([{ "label": "关于" }]));
    let both = errors(&desk, "updateNavigationItem", json!({ "id": first, "url": "https://example.com/" })).await;
    assert_eq!(both[0]["field"], "url", "{both}");
    done(&desk, "updateNavigationItem", json!({ "id": first, "url": "https://example.com/", "channel": null, "label": "站外" }))
        .await;
    assert_eq!(item().await["label"], "站外");
    let refused = errors(&desk, "deleteNavigationItem", json!({ "id": first })).await;
    assert_eq!(refused[0]["code"], "CONFLICT", "{refused}");
    let refused = errors(&desk, "deletePage", json!({ "id": about })).await;
    assert_eq!(refused[0]["code"], "CONFLICT", "{refused}");
    let below = tidings_id(b'N', app.database.numbers("SELECT max(id) FROM navigation").await[0]);
    for (name, id) in [("deleteNavigationItem", &json!(below)), ("deleteNavigationItem", &first), ("deletePage", &json!(about))] {
        done(&desk, name, json!({ "id": id })).await;
    }
    assert!(item().await.is_null());
    assert_eq!(app.query("{ site { pages { title } } }").await["site"]["pages"], json!([]));
}

#[tokio::test]
async fn an_article_follows_its_channel_to_another_place() {
    let app = TestApp::with(&portal([channel("a"), channel("b"), channel("sub").parent("a"), article("x").channel("sub")])).await;
    let desk = Desk::of(&app, "chief", Role::Chief).await;
    let count = async |slug: &str| {
        let query = "query($slug: String!) { channel(by: {slug: $slug}) { articles { totalCount } } }";
        app.data(query, json!({ "slug": slug })).await["channel"]["articles"]["totalCount"].clone()
    };
    assert_eq!((count("a").await, count("b").await), (json!(1), json!(0)));
    let (sub, b) = (app.id("channel", "sub").await, app.id("channel", "b").await);
    done(&desk, "updateChannel", json!({ "id": sub, "parent": b })).await;
    assert_eq!((count("a").await, count("b").await), (json!(0), json!(1)));
}

#[tokio::test]
async fn slots_are_filled_and_looked_at() {
    let articles = [article("one"), article("two"), article("three")];
    let app = TestApp::with(&portal(articles.into_iter().chain([placement("headline", &["one"])]))).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = async |slug: &str| {
        app.data("query($s: String!) { article(by: {slug: $s}) { id } }", json!({ "s": slug })).await["article"]["id"].clone()
    };
    let (two, three) = (id("two").await, id("three").await);
    let items = json!([{ "article": three, "label": "头条" }, { "article": two, "startsAt": "2026-03-02T00:00:00Z", "endsAt": "2026-03-03T00:00:00Z" }]);
    done(&desk, "setPlacement", json!({ "slot": "headline", "items": items })).await;
    let shown = async || {
        let data = app.query("{ placement(slot: \"headline\") { isFallback items { label article { slug } } } }").await;
        data["placement"].clone()
    };
    assert_eq!(shown().await, json!({ "isFallback": false, "items": [{ "label": "头条", "article": { "slug": "three" } }] }));
    let slots = "{ placementSlots { slot channel { slug } items { label startsAt endsAt article { slug } } } }";
    let slots = desk.data(slots, json!({})).await["placementSlots"].clone();
    let second = json!({ "label": null, "startsAt": "2026-03-02T08:00:00+08:00", "endsAt": "2026-03-03T08:00:00+08:00", "article": { "slug": "two" } });
    assert_eq!(slots[0]["items"][1], second, "{slots}");
    assert_eq!(slots.as_array().map(Vec::len), Some(1));
    app.set_time("2026-03-02T00:00:00Z");
    assert_eq!(shown().await["items"].as_array().map(Vec::len), Some(2));
    app.set_time(crate::app::NOW);
    let nowhere = tidings_id(b'A', 99);
    let wrong = [
        (json!({ "slot": "headline", "items": [{ "article": nowhere }] }), "items[0].article"),
        (json!({ "slot": " ", "items": [] }), "slot"),
        (
            json!({ "slot": "x", "items": [{ "article": two, "startsAt": "2026-03-02T00:00:00Z", "endsAt": "2026-03-02T00:00:00Z" }] }),
            "items[0].endsAt",
        ),
    ];
    for (input, field) in wrong {
        let found = errors(&desk, "setPlacement", input.clone()).await;
        assert_eq!(found[0]["field"], field, "{input}: {found}");
    }
    let news = app.id("channel", "news").await;
    done(&desk, "setPlacement", json!({ "slot": "headline", "channel": news, "items": [{ "article": two }] })).await;
    done(&desk, "setPlacement", json!({ "slot": "headline", "items": [] })).await;
    let seen = app
        .data(
            "query($c: ID!) { placement(slot: \"headline\", channel: $c) { items { article { slug } } } }",
            json!({ "c": news }),
        )
        .await;
    assert_eq!(text(&seen["placement"]["items"][0]["article"]["slug"]), "two");
    assert_eq!(shown().await["isFallback"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_change_different_parts_neither_loses() {
    let app = TestApp::with(&portal([article("one"), article("two")])).await;
    let desk = Desk::of(&app, "chief", Role::Chief).await;
    done(&desk, "createSource", json!({ "slug": "s", "name": "来源" })).await;
    let id = app.id("source", "s").await;
    for round in 0..5 {
        let parts = ["licence", "attribution", "contact"];
        let changes = parts.map(|part| done(&desk, "updateSource", json!({ "id": id, part: format!("{part}{round}") })));
        futures_util::future::join_all(changes).await;
        let shown = app.query("{ source(by: {slug: \"s\"}) { licence attribution contact } }").await["source"].clone();
        for part in parts {
            assert_eq!(shown[part], format!("{part}{round}"), "{shown}");
        }
    }
    let one = app.query("{ article(by: {slug: \"one\"}) { id } }").await["article"]["id"].clone();
    let fills = (0..6).map(|_| done(&desk, "setPlacement", json!({ "slot": "new", "items": [{ "article": one }] })));
    futures_util::future::join_all(fills).await;
    let slots = desk.data("{ placementSlots { items { articleId } } }", json!({})).await;
    assert_eq!(slots["placementSlots"], json!([{ "items": [{ "articleId": one }] }]), "once, however many fill it");
}

/// Two programs on one PostgreSQL database; one program where an SQLite file is all there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_change_parts_of_one_record_do_not_take_each_others_back() {
    const ROUNDS: usize = 20;
    let database = TestDatabase::new().await;
    database.fill(&portal([])).await;
    let key = make_key(&database, vec![Permission::ManageNouns]).await;
    let (first, _) = Server::start(&database).await;
    let second = if backend() == Backend::Postgres { Some(Server::start(&database).await.0) } else { None };
    let change = async |server: &Server, id: &str, field: &str, round: usize| {
        let query =
            format!("mutation {{ updateTopic(input: {{id: \"{id}\", {field}: \"{round}\"}}) {{ userErrors {{ message }} }} }}");
        let answer = server.ask(&key, &json!({ "query": query })).await.expect("an answer");
        assert_eq!(answer["data"]["updateTopic"]["userErrors"], json!([]), "{answer}");
    };
    let create = "mutation { createTopic(input: {slug: \"expo\", title: \"博览会\"}) { topic { id } } }";
    let made = first.ask(&key, &json!({ "query": create })).await.expect("an answer");
    let id = text(&made["data"]["createTopic"]["topic"]["id"]);
    for round in 0..ROUNDS {
        let other = second.as_ref().unwrap_or(&first);
        tokio::join!(change(&first, &id, "title", round), change(other, &id, "summary", round));
        let sql = format!("SELECT count(*) FROM topic WHERE title = '{round}' AND summary = '{round}'");
        assert_eq!(database.numbers(&sql).await, [1], "round {round}");
    }
    first.kill();
    if let Some(second) = second {
        second.kill();
    }
}
