//! Files that pages refer to: embedded in the program, named by their content, kept for ever.
//!
//! Nothing is fetched from elsewhere, neither when the program is built nor by a browser.
//! A name contains a hash of the bytes, so a browser may keep a file and still sees a new one
//! at once. This module serves no requests; it says what there is.

use std::fmt::Write as _;
use std::sync::LazyLock;

/// How long a file may be kept: its name changes with its content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// What a page may load and do: its own files only, no inline script and no inline style.
/// `data:` is there for the small pictures within Tabler's own CSS.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
    script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A file under `/assets/`.
#[derive(Debug)]
pub struct Asset {
    /// As templates name it: `tabler.css`.
    pub name: &'static str,
    /// As requests name it: `tabler.3f2a90c41b7e55d0.css`.
    pub file: String,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
}

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    [
        asset("tabler.css", "text/css; charset=utf-8", include_bytes!("../assets/tabler.css")),
        asset("symbolon.css", "text/css; charset=utf-8", include_bytes!("../assets/symbolon.css")),
        asset(
            "console.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/console.js"),
        ),
        asset("favicon.svg", "image/svg+xml", include_bytes!("../assets/favicon.svg")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let file = format!("{stem}.{:016x}.{extension}", content_hash(bytes));
    Asset { name, file, content_type, bytes }
}

/// FNV-1a with 64 bits. It tells our own files apart; it protects against nobody.
fn content_hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[must_use]
pub fn all() -> &'static [Asset] {
    &*ASSETS
}

/// The file that a request names by the last part of its path.
#[must_use]
pub fn find(file: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.file == file)
}

/// Where a page finds a file: `tabler.css` is at `/assets/tabler.<hash>.css`.
#[must_use]
pub fn url(name: &str) -> Option<String> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some(format!("/assets/{}", asset.file))
}

macro_rules! icons {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../assets/icons/", $name, ".svg")))),*]
    };
}

const ICONS: [(&str, &str); 15] = icons![
    "adjustments",
    "arrow-back-up",
    "bolt",
    "circle-check",
    "circle-minus",
    "circle-x",
    "gift",
    "hourglass-off",
    "info-circle",
    "language",
    "layout-dashboard",
    "receipt",
    "receipt-refund",
    "user-plus",
    "users",
];

/// An icon as SVG to be written into a page. It is hidden from screen readers: the words
/// beside it say the same.
#[must_use]
pub fn icon(name: &str) -> Option<String> {
    let (_, svg) = ICONS.iter().find(|(known, _)| *known == name)?;
    let (_, rest) = svg.split_once("<svg")?;
    let mut html = String::with_capacity(svg.len() + 40);
    write!(html, "<svg aria-hidden=\"true\" focusable=\"false\"{}", rest.trim_end()).ok()?;
    Some(html)
}
