//! Widgets for others' pages, the script that sizes them, and the page that makes the code to paste.

use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{IntoResponse, Request, Response};
use sha2::{Digest, Sha384};

use super::copy::{self, Ask, Draft};
use super::error::Refusal;
use super::feed::{moving, wanted};
use super::own::base;
use super::page;
use super::query::{Query, segments};
use super::request::id_of;
use super::state::{Shared, State};
use super::view;
use super::web::text_file;
use crate::cache::Tag;
use crate::db::{Parts, Visibility};
use crate::error::{Error, Result};
use crate::feed::{
    EmbedKind, Frame, Oembed, Theme, Words, card, card_height, content_policy, list, message, oembed_json, oembed_xml,
};
use crate::graphql::surface::{Wanted, Widget, card_of, subject};
use crate::graphql::{Kind, Operation, article_address, decode_id, encode_id, own_address};
use crate::loader::{ArticleBy, ArticleNamed, Catalog, Loaders, With, WithdrawalOf};
use crate::partner::{Holder, Surface};
use crate::text::{normalise_address, origin};

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Articles of a widget where its address does not say.
const DEFAULT_ITEMS: i32 = 10;

/// Characters of what stands above a list.
const LONGEST_HEADING: usize = 200;

/// Pixels of a card where nobody says.
const CARD_WIDTH: i64 = 600;

/// How long others may keep what oEmbed says.
const KEPT_SECS: i64 = 3_600;

/// Once released, none of its bytes changes: pages name its hash. The next one is `v2.js`.
const LOADER: &str = include_str!("../../web/embed/v1.js");

static INTEGRITY: LazyLock<String> = LazyLock::new(|| format!("sha384-{}", STANDARD.encode(Sha384::digest(LOADER))));

/// Frames stand at the address that is pasted, which may not be the one that the builder was opened at.
fn builder_policy(base: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self' {base}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The builder's files: name, media type, text.
const FILES: [(&str, &str, &str); 6] = [
    ("builder.js", SCRIPT, include_str!("../../web/embed/builder.js")),
    ("builder-code.js", SCRIPT, include_str!("../../web/embed/builder-code.js")),
    ("builder-lists.js", SCRIPT, include_str!("../../web/embed/builder-lists.js")),
    ("builder-combobox.js", SCRIPT, include_str!("../../web/embed/builder-combobox.js")),
    ("builder.css", "text/css; charset=utf-8", include_str!("../../web/embed/builder.css")),
    ("icon.svg", "image/svg+xml", include_str!("../../web/embed/icon.svg")),
];

/// Answers what is below `/embed/`.
pub async fn serve(state: &Shared, rest: &str, request: &Request) -> Response {
    if let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == rest) {
        return text_file(text, kind, "public, max-age=300");
    }
    match rest {
        "v1.js" => {
            let mut response = text_file(LOADER, SCRIPT, "public, max-age=31536000, immutable");
            let headers = response.headers_mut();
            // A page that names its hash asks for it without credentials (Subresource Integrity §3.3).
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
            response
        }
        "builder" => builder(&base(state, request)),
        _ => match rest.strip_prefix("go/") {
            Some(id) => go(state, id, request).await.unwrap_or_else(|refusal| refusal.respond(&id_of(request), JSON)),
            None => frame(state, rest, request).await,
        },
    }
}

fn builder(base: &str) -> Response {
    let page = include_str!("../../web/embed/builder.html").replace("{{integrity}}", &INTEGRITY).replace("{{base}}", base);
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    headers.extend(HeaderValue::from_str(&builder_policy(base)).ok().map(|value| (header::CONTENT_SECURITY_POLICY, value)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A click: counts as a view, and leads to the article.
async fn go(state: &Shared, id: &str, request: &Request) -> Result<Response, Refusal> {
    let missing = || Refusal::from(Error::NotFound { what: "the article".into() });
    let Some((Kind::Article, article)) = decode_id(id) else { return Err(missing()) };
    let now = state.clock.now().timestamp_millis();
    let loaders = Loaders::new(state.db.reader().clone(), Visibility::public(now), state.catalog.current());
    let key = ArticleNamed { by: ArticleBy::Id(article), parts: Parts::default() };
    let gone = WithdrawalOf(ArticleBy::Id(article));
    let (found, gone) = loaders.drive(async { tokio::join!(loaders.load(key), loaders.load(gone)) }).await;
    let Some(found) = found? else {
        let refusal = gone?.map_or_else(missing, |gone| Refusal::withdrawn(gone.notice.clone()));
        return Ok(page::say(state, request, &refusal));
    };
    if *request.method() == Method::GET {
        view::click(state, article, request).await?;
    }
    let target = crate::feed::encoded(&article_address(loaders.catalog(), &found));
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(&target).map_err(Error::internal)?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer-when-downgrade"));
    Ok(response)
}

/// What a widget's address says.
struct Asked {
    kind: EmbedKind,
    query: Query,
    theme: Theme,
    words: &'static Words,
    base: String,
    /// Origins whose pictures it may show.
    pictures: Vec<String>,
    /// Pages that may show it, as a policy says it.
    ancestors: String,
}

async fn frame(state: &Shared, rest: &str, request: &Request) -> Response {
    let Some(kind) = EmbedKind::from_word(rest) else {
        return Refusal::from(Error::NotFound { what: "an embed at this address".into() }).respond(&id_of(request), JSON);
    };
    let query = match Query::of(request) {
        Ok(query) => query,
        Err(refusal) => return refusal.respond(&id_of(request), JSON),
    };
    let now = state.clock.now().timestamp_millis();
    let holder = query.get("contract").map(|key| state.book.embed_holder(key, now)).transpose();
    let base = base(state, request);
    let portal = &state.catalog.current().site.url;
    let pictures = [origin(&base), origin(portal)].into_iter().flatten().collect();
    let words = Words::of(query.get("lang").unwrap_or("zh"));
    let mut asked =
        Asked { kind, theme: Theme::read(|name| query.get(name)), words, base, pictures, ancestors: String::new(), query };
    let shown = match holder {
        Ok(holder) => {
            asked.ancestors = ancestors(state.book.embed_origins(holder.as_ref()));
            show(state, &asked, holder.as_ref(), request).await
        }
        Err(error) => {
            // Whose pages may show it is not known, and that it shows nothing may be seen by all.
            asked.ancestors = "*".into();
            Err(error.into())
        }
    };
    shown.unwrap_or_else(|refusal| refused(state, &asked, &refusal, request))
}

/// Who may show a widget: this server itself, where its builder stands, and `origins`.
fn ancestors(origins: &[String]) -> String {
    if origins.iter().any(|origin| origin == "*") {
        return "*".into();
    }
    std::iter::once("'self'").chain(origins.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

async fn show(state: &Shared, asked: &Asked, holder: Option<&Holder>, request: &Request) -> Result<Response, Refusal> {
    let path = asked.query.get("of").unwrap_or("site");
    let names = list_names(asked.kind, path);
    if asked.query.get("heading").is_some_and(|heading| heading.chars().count() > LONGEST_HEADING) {
        return Err(Error::invalid("heading", format!("must have at most {LONGEST_HEADING} characters")).into());
    }
    let with = With { covers: false, details: true };
    let wanted = wanted(&asked.query, ("first", DEFAULT_ITEMS), with)?;
    let ask = Ask {
        surface: Surface::Embed,
        name: format!(
            "embed {} {:?} {path} {wanted:?} {:?} {} {:?} {:?} {}",
            asked.base,
            asked.kind,
            asked.theme,
            asked.words.language,
            asked.query.given("heading"),
            asked.query.get("article"),
            asked.ancestors
        ),
        state: moving(state, names.as_deref().unwrap_or_default()),
        cost: 1,
        holder,
        is_public: true,
    };
    let make = |operation: Arc<Operation>| {
        let (names, wanted) = (names.as_deref(), wanted.clone());
        async move {
            match asked.kind {
                EmbedKind::Card => one(&operation, asked).await,
                EmbedKind::List | EmbedKind::Ranking => many(&operation, asked, names, &wanted).await,
            }
        }
    };
    copy::serve(state, request, ask, make).await
}

/// Where a click on an article leads.
fn link(base: &str, article: i64) -> String {
    format!("{base}/embed/go/{}", encode_id(Kind::Article, article))
}

/// What `of` names, as the segments of a list's path; none if that cannot be read.
fn list_names(kind: EmbedKind, path: &str) -> Option<Vec<String>> {
    let mut names = segments(path)?;
    if kind == EmbedKind::Ranking && names.last().is_some_and(|last| last != "ranking") {
        names.push("ranking".into());
    }
    Some(names)
}

async fn many(operation: &Operation, asked: &Asked, names: Option<&[String]>, wanted: &Wanted) -> Result<Draft> {
    let missing = || {
        Error::invalid(
            "of",
            "names no list: write `site`, `channel/SLUG`, `tag/SLUG`, `topic/SLUG`, `source/SLUG` or `placement/SLOT`",
        )
    };
    let names: Vec<&str> = names.ok_or_else(missing)?.iter().map(String::as_str).collect();
    let found = subject(operation, &names).await?.ok_or_else(missing)?;
    let heading = asked.query.get("heading").map(str::to_owned);
    let widget = Widget::list(operation, &found, wanted, heading, asked.words, |id| link(&asked.base, id)).await?;
    let catalog = operation.catalog();
    let (text, hashes) = list(&frame_of(asked, catalog, widget.attribution.as_deref()), &widget.list);
    let tags = widget.shown.iter().copied().map(Tag::Article);
    let tags = tags.chain(widget.scope.map(|scope| Tag::List(scope.code()))).collect();
    Ok(Draft { articles: widget.shown, tags, until: widget.until, ..document(asked, text, &hashes) })
}

async fn one(operation: &Operation, asked: &Asked) -> Result<Draft> {
    let wrong = || Error::invalid("article", "is no article's id: copy it from the address of its page, or from the API");
    let Some((Kind::Article, id)) = asked.query.get("article").and_then(decode_id) else { return Err(wrong()) };
    let catalog = operation.catalog();
    match card_of(operation, id, link(&asked.base, id), &asked.pictures).await {
        Ok((shown, widget, _)) => {
            let (text, hashes) = card(&frame_of(asked, catalog, widget.attribution.as_deref()), &shown);
            Ok(Draft { articles: vec![id], tags: vec![Tag::Article(id)], until: widget.until, ..document(asked, text, &hashes) })
        }
        Err(Error::NotFound { .. }) => {
            let withdrawn = operation.loaders.load(WithdrawalOf(ArticleBy::Id(id))).await?;
            let (status, words) = match withdrawn {
                Some(_) => (StatusCode::GONE, asked.words.withdrawn),
                None => (StatusCode::NOT_FOUND, asked.words.missing),
            };
            let (text, hashes) = message(&frame_of(asked, catalog, None), words, None);
            // It may come, or come back, at a time that nobody tells.
            let until = operation.now() + 1_000;
            Ok(Draft { status, tags: vec![Tag::Article(id)], until, ..document(asked, text, &hashes) })
        }
        Err(error) => Err(error),
    }
}

fn frame_of<'a>(asked: &'a Asked, catalog: &'a Catalog, attribution: Option<&'a str>) -> Frame<'a> {
    Frame { theme: &asked.theme, words: asked.words, site: &catalog.site.name, home: &catalog.site.url, attribution }
}

fn document(asked: &Asked, text: String, hashes: &[String; 2]) -> Draft {
    let pictures = if asked.pictures.is_empty() { "'none'".to_owned() } else { asked.pictures.join(" ") };
    let policy = content_policy(hashes, &pictures, &asked.ancestors);
    let mut draft = Draft::new(HTML, text.into_bytes());
    draft.headers.extend(HeaderValue::from_str(&policy).ok().map(|value| (header::CONTENT_SECURITY_POLICY, value)));
    draft.headers.push((header::REFERRER_POLICY, HeaderValue::from_static("strict-origin")));
    draft
}

/// A widget that says why it shows nothing, with the status and the code of the refusal.
fn refused(state: &State, asked: &Asked, refusal: &Refusal, request: &Request) -> Response {
    let catalog = state.catalog.current();
    let frame = frame_of(asked, &catalog, None);
    let (text, hashes) = message(&frame, asked.words.refused, Some(&refusal.message));
    let mut response = refusal.respond(&id_of(request), HTML);
    let draft = document(asked, text, &hashes);
    response.headers_mut().extend(draft.headers);
    // For whoever looks why.
    if let Ok(reason) = HeaderValue::from_str(refusal.told.rule.unwrap_or(refusal.code)) {
        response.headers_mut().insert(HeaderName::from_static("tidings-refused"), reason);
    }
    response.set_body(draft.body);
    response
}

/// Answers `/oembed` (oembed.com §2).
pub async fn oembed(state: &Shared, request: &Request) -> Response {
    let mut response = describe(state, request).await.unwrap_or_else(|refusal| refusal.respond(&id_of(request), JSON));
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn describe(state: &Shared, request: &Request) -> Result<Response, Refusal> {
    let query = Query::of(request)?;
    let is_xml = match query.get("format") {
        None | Some("json") => false,
        Some("xml") => true,
        Some(_) => {
            let message = "oEmbed is given as `json` and `xml`";
            return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", message));
        }
    };
    let url = query.get("url").ok_or_else(|| Error::invalid("url", "is missing: say which article's page"))?.to_owned();
    let pixels = |name: &str| match query.get(name).map(str::parse::<i64>) {
        None => Ok(i64::MAX),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(Error::invalid(name, "must be a number of pixels")),
    };
    let most = (pixels("maxwidth")?, pixels("maxheight")?);
    let base = base(state, request);
    let ask = Ask {
        surface: Surface::Embed,
        name: format!("oembed {base} {is_xml} {most:?} {url}"),
        state: String::new(),
        cost: 1,
        holder: None,
        is_public: true,
    };
    let make = |operation: Arc<Operation>| {
        let (url, base) = (url.as_str(), base.as_str());
        async move { described(&operation, url, base, most, is_xml).await }
    };
    copy::serve(state, request, ask, make).await
}

async fn described(operation: &Operation, url: &str, base: &str, most: (i64, i64), is_xml: bool) -> Result<Draft> {
    let missing = || Error::NotFound { what: "an article of this portal at that address".into() };
    let catalog = operation.catalog();
    let by = normalise_address(url).and_then(|address| own_address(catalog, &address)).ok_or_else(missing)?;
    let parts = Parts { details: true, cover: true, body: false };
    let article = operation.loaders.load(ArticleNamed { by, parts }).await?.ok_or_else(missing)?;
    let id = encode_id(Kind::Article, article.id);
    let (width, height) = (CARD_WIDTH.min(most.0), card_height(Theme::default().font_px).min(most.1));
    let html = format!(
        "<iframe src=\"{base}/embed/card?article={id}\" width=\"{width}\" height=\"{height}\" title=\"{}\" loading=\"lazy\" \
         frameborder=\"0\" referrerpolicy=\"strict-origin\" sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\"></iframe>",
        crate::text::escape(&article.title).replace('"', "&quot;")
    );
    let authors = catalog.authors.list(&article.author_ids);
    let source = article.source_id.and_then(|id| catalog.sources.find(id));
    let author = if authors.is_empty() {
        source.map(|source| source.name.clone())
    } else {
        Some(authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>().join("、"))
    };
    let may_show = operation.terms.require(crate::partner::Fields::Summary, source.map(Arc::as_ref)).is_ok();
    let fits = |width: i64, height: i64| width > 0 && height > 0 && width <= most.0 && height <= most.1;
    let cover = article.cover.as_ref().filter(|cover| may_show && fits(cover.width, cover.height));
    let answer = Oembed {
        title: article.title.clone(),
        author,
        provider: catalog.site.name.clone(),
        provider_url: catalog.site.url.clone(),
        html,
        width,
        height,
        cache_age_secs: KEPT_SECS,
        thumbnail: cover.map(|cover| (catalog.absolute(&cover.url), cover.width, cover.height)),
    };
    let (kind, body) = if is_xml { ("text/xml; charset=utf-8", oembed_xml(&answer)) } else { (JSON, oembed_json(&answer)) };
    let until = article.details.as_ref().map_or(i64::MAX, |details| details.expires_at);
    Ok(Draft { articles: vec![article.id], tags: vec![Tag::Article(article.id)], until, ..Draft::new(kind, body) })
}
