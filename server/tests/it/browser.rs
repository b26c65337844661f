//! A real browser without a window, driven over WebDriver.

use crate::support::Folder;
use axum::Router;
use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const DRIVER: &str = "chromedriver";
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A program of the machine, where there is one.
fn program(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where programs lie is a setting")]
    let path = std::env::var("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Ends with whoever started it, also when a test fails.
struct Driver {
    process: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end, it ends its browser, too; killed, it would leave the browser behind.
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            let request = "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
            stream.write_all(request.as_bytes())?;
            stream.read_to_end(&mut Vec::new())
        });
        if asked.is_err() {
            drop(self.process.kill());
        }
        drop(self.process.wait());
    }
}

pub struct Browser {
    pub client: Client,
    pub site: String,
    // In the order in which they go: the driver before the folder that its browser writes to.
    _driver: Driver,
    _profile: Folder,
}

/// Serves a router on a free port and gives its address.
pub async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// What there is to run a browser with, or what is missing.
pub fn installed() -> Result<(PathBuf, PathBuf), String> {
    let driver = program(DRIVER).ok_or(format!("there is no {DRIVER}"))?;
    let browser = BROWSERS.into_iter().find_map(program);
    Ok((driver, browser.ok_or(format!("there is none of {}", BROWSERS.join(", ")))?))
}

impl Browser {
    pub async fn start(installed: (PathBuf, PathBuf), site: String) -> Self {
        let (driver, browser) = installed;
        let profile = Folder::new();
        let driver = start_driver(&driver);
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            // A page that scrolls smoothly would still be on its way when it is clicked.
            "--force-prefers-reduced-motion",
            &format!("--user-data-dir={}", profile.file("profile").display()),
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "binary": browser, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("it is an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("a browser");
        let browser = Self { client, site, _driver: driver, _profile: profile };
        // Its own first page is none of ours.
        browser.client.goto("about:blank").await.expect("an empty page");
        drop(browser.requests().await);
        browser
    }

    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.site)).await.expect(path);
    }

    /// Where the browser is, without the site.
    pub async fn here(&self) -> String {
        let url = self.client.current_url().await.expect("an address").to_string();
        url.strip_prefix(&self.site).unwrap_or(&url).to_owned()
    }

    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect(script)
    }

    /// Clicks on the first thing that a selector finds, and waits for where it leads.
    pub async fn follow(&self, selector: &str) {
        let link = self.client.find(Locator::Css(selector)).await.expect(selector);
        // A click may be answered before the browser has begun to leave: the next page is there
        // when what was noted on this one is gone.
        self.run("window.leftBehind = true;").await;
        link.click().await.expect(selector);
        let arrived =
            "return window.leftBehind === undefined && document.readyState === 'complete';";
        for _ in 0..5_000 {
            let answer = self.client.execute(arrived, Vec::new()).await;
            if answer.is_ok_and(|answer| answer == Value::Bool(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{selector} leads nowhere");
    }

    pub async fn press(&self, key: impl Into<char>) {
        let value = key.into();
        let action = |down: bool| {
            if down { KeyAction::Down { value } } else { KeyAction::Up { value } }
        };
        let keys = KeyActions::new("keyboard".to_owned()).then(action(true)).then(action(false));
        self.client.perform_actions(keys).await.expect("a key");
    }

    /// A window as wide as a small telephone, or as a large screen.
    pub async fn set_width(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
        self.ask("goog/cdp/execute", body).await;
    }

    /// What the browser noted since it was last asked.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.ask("se/log", json!({ "type": kind })).await;
        log.as_array().cloned().expect("a log")
    }

    /// Every address that was asked for since this was last called.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let messages = log.iter().filter_map(|entry| entry["message"].as_str());
        messages
            .filter_map(|message| serde_json::from_str::<Value>(message).ok())
            .filter(|message| message["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|message| {
                let url = message["message"]["params"]["request"]["url"].as_str();
                url.map(ToOwned::to_owned)
            })
            .collect()
    }

    async fn ask(&self, endpoint: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Extension { endpoint, body }).await.expect(endpoint)
    }
}

fn start_driver(program: &Path) -> Driver {
    let mut child = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the driver starts");
    let output = child.stdout.take().expect("its output");
    let mut lines = BufReader::new(output).lines();
    let port = lines.find_map(|line| {
        let line = line.ok()?;
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Whatever else it says must not fill the pipe and stop it.
    std::thread::spawn(move || lines.for_each(drop));
    Driver { process: child, port: port.expect("the driver says its port") }
}

/// A command that only this driver knows.
#[derive(Debug)]
struct Extension {
    endpoint: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.endpoint))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
