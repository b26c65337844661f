//! The console's pages, as their readers meet them: in a real browser, by keyboard, in four
//! languages, on a small and on a large screen. What needs no browser is asked of the router.

use crate::browser::{Browser, installed, serve};
use crate::support::{RUNTIME, Shop, receipt, skip, start};
use axum::Router;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use symbolon::api::{self, ApiState};
use symbolon::app::App;
use symbolon::assets::CONTENT_SECURITY_POLICY;
use symbolon::demo_shop::{SHOPS, populate};
use symbolon::pages::{self, PagesState};
use symbolon::store::{DatabaseUrl, StoreError};
use symbolon::world::World;

const LANGUAGES: [&str; 4] = ["en", "ru", "uk", "nb"];
const WIDTHS: [u32; 2] = [320, 1600];

/// A demo shop with a year behind it.
fn demo(position: usize) -> (App, Router) {
    let url = DatabaseUrl::parse("sqlite::memory:").expect("an address");
    let app = App::open(&url, World::staged(start(), 7)).expect("a database");
    populate(&app, &SHOPS[position], 40, 7, start(), |_| {}).expect("a shop");
    let queue = app.start_queue().expect("a queue");
    let router = api::router(ApiState { app: app.clone(), queue })
        .merge(pages::router(PagesState { app: app.clone(), is_open: true }));
    (app, router)
}

/// Everything that holds for every page.
async fn check(browser: &Browser, what: &str, language: &str) {
    let seen = browser
        .run(
            "const root = document.documentElement;
             return {
                 headings: document.querySelectorAll('h1').length,
                 language: root.lang,
                 width: root.scrollWidth,
                 window: window.innerWidth,
                 text: document.body.innerText + document.title,
                 sheets: [...document.styleSheets].filter((sheet) => sheet.cssRules.length).length,
             };",
        )
        .await;
    assert_eq!(seen["headings"], 1, "{what}");
    assert_eq!(seen["language"], language, "{what}");
    let text = seen["text"].as_str().unwrap_or_default();
    assert!(!text.contains('⟦'), "{what}: a text is missing: {text}");
    let (width, window) = (seen["width"].as_u64(), seen["window"].as_u64());
    assert!(width <= window, "{what} scrolls sideways: {width:?} in {window:?}");
    assert_eq!(seen["sheets"], 2, "{what}: a stylesheet is not there");
    let told = browser.log("browser").await;
    assert_eq!(told, Vec::<Value>::new(), "{what}: the console has messages");
    for request in browser.requests().await {
        let is_ours = request.starts_with(&browser.site) || request.starts_with("data:");
        assert!(is_ours, "{what} asked for {request}");
    }
}

/// Walks through a page by Tab alone: each link and control that can be seen is reached, and
/// where the reader is can be seen.
async fn walk_by_tab(browser: &Browser, what: &str) {
    let expected = browser
        .run(
            "window.scrollTo(0, 0);
             document.activeElement.blur();
             const all = document.querySelectorAll('a[href], button, summary, input:not([type=hidden])');
             let number = 0;
             for (const element of all) {
                 if (element.checkVisibility()) { element.dataset.walked = ++number; }
             }
             return number;",
        )
        .await;
    let expected = expected.as_u64().expect("a number");
    let mut reached = BTreeSet::new();
    // The walk ends where it began; one that does not is stuck.
    for _ in 0..expected * 2 + 10 {
        browser.press(Key::Tab).await;
        let focused = browser
            .run(
                "const element = document.activeElement;
                 if (!element || element === document.body) { return null; }
                 const style = getComputedStyle(element);
                 const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                 const box = element.getBoundingClientRect();
                 return {
                     number: Number(element.dataset.walked || 0),
                     name: element.outerHTML.slice(0, 120),
                     visible: (outlined || style.boxShadow !== 'none')
                         && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0,
                 };",
            )
            .await;
        if focused.is_null() {
            if reached.is_empty() { continue } else { break }
        }
        assert_eq!(focused["visible"], true, "{what}: focus cannot be seen on {}", focused["name"]);
        let number = focused["number"].as_u64().unwrap_or(0);
        if number == 1 && reached.len() > 1 {
            break;
        }
        reached.insert(number);
    }
    reached.remove(&0);
    let missing: Vec<u64> = (1..=expected).filter(|number| !reached.contains(number)).collect();
    assert_eq!(missing, Vec::<u64>::new(), "{what}: not reached by Tab, of {expected}");
}

/// Opens the first details by keyboard and looks for the reasons behind it.
async fn open_reasons(browser: &Browser, what: &str) {
    let hidden = "const reasons = document.querySelector('details.sy-why .sy-reasons li');
        return reasons ? reasons.checkVisibility() : 'missing';";
    assert_eq!(browser.run(hidden).await, false, "{what}: there is something to open");
    browser.run("document.querySelector('details.sy-why > summary').focus();").await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.run(hidden).await, true, "{what}: opened by Enter");
    let said = "return document.querySelector('details.sy-why .sy-reasons li').innerText.length;";
    assert!(browser.run(said).await.as_u64() > Some(10), "{what}: a reason is said");
}

/// The link to a member who has receipts.
fn member_link(app: &App) -> String {
    let newest = app.store.read(|reader| {
        symbolon::store::nouns::activities::activities_newest(reader, app.business, "receipt", 50)
    });
    let newest: Result<Vec<_>, StoreError> = newest;
    let member = newest.expect("receipts").iter().find_map(|row| row.member).expect("a member");
    format!("tbody a[href='/console/members/{member}']")
}

const FIRST_RECEIPT: &str = ".sy-timeline a[href^='/console/receipts/']";

async fn walk(browser: &Browser, app: &App, language: &str, width: u32) {
    browser.set_width(width).await;
    let what = |page: &str| format!("{page} in {language} at {width}");
    // Walked by Tab once on each screen; the elements are the same in every language.
    let tabs = [("en", WIDTHS[0]), ("nb", WIDTHS[1])].contains(&(language, width));
    browser.open(&format!("/?lang={language}")).await;
    browser.open(&format!("/console?lang={language}")).await;
    check(browser, &what("overview"), language).await;
    if tabs {
        walk_by_tab(browser, &what("overview")).await;
    }
    browser.follow("nav a[href='/console/members']").await;
    assert_eq!(browser.here().await, "/console/members");
    check(browser, &what("members"), language).await;
    browser.follow(&member_link(app)).await;
    let member = browser.here().await;
    assert!(member.starts_with("/console/members/mem_"), "{member}");
    check(browser, &what("member"), language).await;
    if tabs {
        walk_by_tab(browser, &what("member")).await;
    }
    open_reasons(browser, &what("member")).await;
    check(browser, &what("member with reasons"), language).await;
    browser.follow(FIRST_RECEIPT).await;
    assert!(browser.here().await.starts_with("/console/receipts/act_"));
    check(browser, &what("receipt"), language).await;
    let visible = "return document.querySelector('.sy-reasons li').checkVisibility();";
    assert_eq!(browser.run(visible).await, true, "{}", what("reasons of the receipt"));
    if tabs {
        walk_by_tab(browser, &what("receipt")).await;
    }
    browser.client.back().await.expect("back");
    assert_eq!(browser.here().await, member);
    check(browser, &what("member again"), language).await;
}

#[test]
fn pages_are_sound_in_every_language_and_width() {
    let installed = match installed() {
        Ok(installed) => installed,
        Err(why) => return skip("pages in a browser", &why),
    };
    let (app, router) = demo(0);
    RUNTIME.block_on(async {
        let browser = Browser::start(installed, serve(router).await).await;
        for language in LANGUAGES {
            for width in WIDTHS {
                walk(&browser, &app, language, width).await;
            }
        }
        // What is not there is a page as well; the browser's own message about it is no fault.
        browser.open("/console/members/nobody?lang=nb").await;
        assert_eq!(browser.log("browser").await.len(), 1);
        check(&browser, "not found", "nb").await;
        browser.client.clone().close().await.expect("the end");
    });
}

#[test]
fn pages_of_the_other_shops_fit_small_and_large_screens() {
    let installed = match installed() {
        Ok(installed) => installed,
        Err(why) => return skip("pages in a browser", &why),
    };
    RUNTIME.block_on(async {
        let mut browser = Browser::start(installed, String::new()).await;
        for position in [1, 2] {
            let (app, router) = demo(position);
            browser.site = serve(router).await;
            for (width, language) in [(320, "ru"), (1600, "uk")] {
                browser.set_width(width).await;
                for path in ["/console", "/console/members"] {
                    browser.open(&format!("{path}?lang={language}")).await;
                    check(&browser, path, language).await;
                }
                browser.follow(&member_link(&app)).await;
                check(&browser, "member", language).await;
                browser.follow(FIRST_RECEIPT).await;
                check(&browser, "receipt", language).await;
            }
        }
        browser.client.clone().close().await.expect("the end");
    });
}

async fn search(browser: &Browser, query: &str) -> String {
    browser.open("/console?lang=en").await;
    // The slash goes to the field from wherever the reader is.
    browser.press('/').await;
    let focused = browser.run("return document.activeElement.id;").await;
    let field = browser.client.find(Locator::Id("search")).await.expect("the search field");
    assert_eq!(focused, "search");
    field.send_keys(query).await.expect("a query");
    browser.follow("form.sy-search button").await;
    let here = browser.here().await;
    here.split('?').next().unwrap_or_default().to_owned()
}

#[test]
fn search_and_sign_in_work_in_a_browser() {
    let installed = match installed() {
        Ok(installed) => installed,
        Err(why) => return skip("search and sign-in in a browser", &why),
    };
    let shop = Shop::open("boloco-card");
    let body = json!({ "phone": "+12025550001", "card": "C-77" });
    let member = shop.till().post("/v1/members", &body).expect(201);
    let member = member["id"].as_str().expect("an id").to_owned();
    let body = receipt("R-4711").of("+12025550001").line("tea", "1", "5.00").json();
    let booked = shop.till().post("/v1/receipts", &body).expect(201);
    let digits = booked["id"].as_str().and_then(|id| id.strip_prefix("rcp_")).expect("an id");
    let receipt_page = format!("/console/receipts/act_{digits}");
    let member_page = format!("/console/members/{member}");
    RUNTIME.block_on(async {
        let browser = Browser::start(installed, serve(shop.router()).await).await;
        browser.open(&format!("{member_page}?lang=en")).await;
        let key = async |key: &str| {
            let field = browser.client.find(Locator::Id("key")).await.expect("the key");
            field.send_keys(key).await.expect("the key");
            browser.follow("main button[type=submit]").await;
        };
        key("sym_wrong").await;
        let is_invalid = "return document.getElementById('key').getAttribute('aria-invalid');";
        assert_eq!(browser.run(is_invalid).await, "true");
        assert_eq!(browser.run("return document.getElementById('key').value;").await, "");
        key(shop.key()).await;
        assert!(browser.here().await.starts_with(&member_page), "on to where he wanted to go");
        drop(browser.log("browser").await);
        check(&browser, "member after sign-in", "en").await;
        let cookies = browser.run("return document.cookie;").await;
        assert!(!cookies.as_str().unwrap_or_default().contains(shop.key()), "no script sees it");
        for (query, expected) in [
            ("+1 (202) 555-0001", &member_page),
            ("C-77", &member_page),
            (&member, &member_page),
            ("R-4711", &receipt_page),
            (&format!("rcp_{digits}"), &receipt_page),
        ] {
            assert_eq!(search(&browser, query).await, *expected, "{query}");
        }
        assert_eq!(search(&browser, "<b>nobody</b>").await, "/console/search");
        let shown = browser.run("return document.querySelector('main').innerText;").await;
        assert!(shown.as_str().unwrap_or_default().contains("<b>nobody</b>"));
        browser.follow("form[action='/console/sign-out'] button").await;
        browser.open("/console").await;
        let asks = "return document.getElementById('key') !== null;";
        assert_eq!(browser.run(asks).await, true, "signed out");
        browser.client.clone().close().await.expect("the end");
    });
}

#[test]
fn every_page_answers_with_its_headers() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol("+12025550001");
    let reader = shop.stranger(None).header("cookie", &format!("symbolon_key={}", shop.key()));
    for (path, status) in [
        ("/console", 200),
        ("/console/members", 200),
        (&format!("/console/members/{member}"), 200),
        ("/console/members/mem_x", 404),
        ("/console/receipts/act_x", 404),
        ("/console/sign-in", 200),
        ("/console/search?q=nobody", 404),
        ("/nowhere", 404),
    ] {
        let page = reader.get(path);
        assert_eq!(page.status.as_u16(), status, "{path}");
        for (name, value) in [
            ("content-security-policy", CONTENT_SECURITY_POLICY),
            ("content-type", "text/html; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), Some(value), "{path}");
        }
    }
    let html = reader.get("/console").text();
    let asset = html.split("href=\"").find(|part| part.starts_with("&#x2f;assets&#x2f;"));
    let asset = asset.and_then(|part| part.split('"').next()).expect("a stylesheet");
    let asset = shop.stranger(None).get(&asset.replace("&#x2f;", "/"));
    assert_eq!(asset.status.as_u16(), 200);
    assert_eq!(asset.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(shop.stranger(None).get("/assets/nothing.css").status.as_u16(), 404);
}

#[test]
fn without_a_key_no_page_shows_anything() {
    let shop = Shop::open("boloco-card");
    let member = shop.enrol("+12025550001");
    let paths = [
        "/console".to_owned(),
        "/console/members".to_owned(),
        format!("/console/members/{member}"),
        format!("/console/members/{member}?after=1"),
        "/console/receipts/act_00000000000000000000000000".to_owned(),
    ];
    let wrong = format!("symbolon_key={}x", shop.key());
    for path in &paths {
        for reader in [shop.stranger(None), shop.stranger(None).header("cookie", &wrong)] {
            let page = reader.get(path);
            assert_eq!(page.status.as_u16(), 401, "{path}");
            let html = page.text();
            assert!(html.contains("name=\"key\"") && !html.contains("001"), "{path}: {html}");
        }
    }
    let found = shop.stranger(None).get("/console/search?q=%2B12025550001");
    assert_eq!(found.status.as_u16(), 303, "whether somebody is a member is not told either");
    assert_eq!(found.header("location"), Some("/console/sign-in"));
    let nobody = shop.stranger(None).get("/console/search?q=nobody");
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (found.status, found.header("location"))
    );
}

#[test]
fn signing_in_leads_only_to_pages_of_the_console() {
    let shop = Shop::open("boloco-card");
    let form = |next: &str| format!("key={}&next={next}", shop.key());
    for (next, expected) in [
        ("%2Fconsole%2Fmembers", "/console/members"),
        ("%2Fconsole", "/console"),
        ("%2F%2Fevil.example", "/console"),
        ("%2F%2Fevil.example%2Fconsole", "/console"),
        ("https%3A%2F%2Fevil.example", "/console"),
        ("%2F%5Cevil.example", "/console"),
        ("%5C%5Cevil.example", "/console"),
        ("javascript%3Aalert(1)", "/console"),
        ("%2Fconsole%0D%0ALocation%3A%20https%3A%2F%2Fevil.example", "/console"),
        ("%2Fconsole.evil.example", "/console"),
        ("", "/console"),
    ] {
        let answer = shop.stranger(None).post_form("/console/sign-in", &form(next));
        assert_eq!(answer.status.as_u16(), 303, "{next}");
        assert_eq!(answer.header("location"), Some(expected), "{next}");
        let cookie = answer.header("set-cookie").unwrap_or_default();
        for part in [shop.key(), "HttpOnly", "SameSite=Strict", "Path=/console"] {
            assert!(cookie.contains(part), "{cookie} has no {part}");
        }
    }
    let wrong =
        shop.stranger(None).post_form("/console/sign-in", "key=sym_0&next=%2F%2Fevil.example");
    assert_eq!(wrong.status.as_u16(), 401);
    assert_eq!(wrong.header("set-cookie"), None);
    let out = shop.stranger(None).post_form("/console/sign-out", "");
    assert!(out.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")));
}
