//! Rules of the house that the compiler does not know: which module may use which (design.md,
//! section 3), how long a file may be, and that nothing here names a machine.

use crate::support::repository;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All files below a folder with an ending, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).display().to_string()
}

/// The code of a line: without comments and without texts, which may mention anything.
fn code_of(line: &str) -> String {
    let (mut code, mut in_text, mut previous) = (String::new(), false, ' ');
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '/' if !in_text && characters.peek() == Some(&'/') => break,
            '"' if previous != '\\' && previous != '\'' => in_text = !in_text,
            _ if !in_text => code.push(character),
            _ => {}
        }
        previous = if previous == '\\' && character == '\\' { ' ' } else { character };
    }
    code
}

/// The code of a file with imports of several names written out: `use a::{b, c::d};` becomes
/// `a::b a::c::d`, so that every path stands there as a whole.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a file");
    let plain: String = text.lines().map(|line| code_of(line) + "\n").collect();
    let mut all = String::new();
    for statement in plain.split_inclusive(';') {
        match statement.split_once("use ") {
            Some((before, import)) if import.contains('{') => {
                all.push_str(before);
                let import: String = import.chars().filter(|c| !c.is_whitespace()).collect();
                expand("", import.trim_end_matches(';'), &mut all);
            }
            _ => all.push_str(statement),
        }
    }
    all
}

/// Writes each path of an import.
fn expand(prefix: &str, import: &str, all: &mut String) {
    let Some((head, rest)) = import.split_once('{') else {
        all.push_str(&format!(" {prefix}{import} "));
        return;
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let prefix = format!("{prefix}{head}");
    let (mut depth, mut start) = (0, 0);
    for (position, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, &inner[start..position], all);
                start = position + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, &inner[start..], all);
}

/// Whether a path or a call stands in the code, and not merely as the end of a longer name.
fn mentions(code: &str, what: &str) -> bool {
    code.match_indices(what).any(|(position, _)| {
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        // `::axum` is axum; `other::axum` is not.
        let before = &code[..position];
        let before = before.strip_suffix("::").unwrap_or(before);
        let is_begin = !before.ends_with(is_name) || !what.starts_with(is_name);
        let is_end =
            !code[position + what.len()..].starts_with(is_name) || !what.ends_with(is_name);
        is_begin && is_end
    })
}

#[test]
fn imports_are_written_out_and_names_are_whole() {
    let mut all = String::new();
    expand("", "crate::{app::{self,App},store::Store}", &mut all);
    assert_eq!(all, " crate::app::self  crate::app::App  crate::store::Store ");
    assert!(mentions("let x = tokio::spawn(y);", "tokio"));
    assert!(!mentions("let tokio_like = 1;", "tokio"));
    assert!(!mentions("symbolon::store::migrate", "store"));
    assert!(mentions("use ::axum::Router;", "axum"));
    assert_eq!(code_of(r#"call("crate::store"); // std::fs"#), "call(); ");
    // The module that composes everything does use these, so they must be seen in it.
    let serve = code(&repository().join("server/src/cli/serve.rs"));
    for used in ["axum", "crate::pages", "crate::api", "crate::store", "crate::app"] {
        assert!(mentions(&serve, used), "{used} is not seen");
    }
}

/// A module of the house, and what must not stand in its code.
struct Rule {
    module: &'static str,
    never: &'static [&'static str],
}

const OUTSIDE_THE_CORE: &[&str] = &[
    "tokio",
    "rusqlite",
    "tokio_postgres",
    "axum",
    "tracing",
    "log",
    "minijinja",
    "clap",
    "rand",
    "fastrand",
    "getrandom",
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "std::time",
    "println",
    "eprintln",
    "Timestamp::now",
    "Zoned::now",
];

/// The table of design.md, section 3. Only `cli` composes everything.
const RULES: &[Rule] = &[
    Rule { module: "core/src", never: OUTSIDE_THE_CORE },
    Rule {
        module: "server/src/store",
        never: &[
            "crate::app",
            "crate::pages",
            "crate::api",
            "crate::console",
            "crate::words",
            "crate::pipeline",
            "crate::cli",
            "axum",
            "minijinja",
        ],
    },
    Rule {
        module: "server/src/pipeline",
        never: &[
            "axum",
            "minijinja",
            "rusqlite",
            "crate::api",
            "crate::pages",
            "crate::console",
            "crate::words",
            "crate::cli",
            "crate::app",
        ],
    },
    Rule {
        module: "server/src/app",
        never: &[
            "axum",
            "minijinja",
            "rusqlite",
            "crate::api",
            "crate::pages",
            "crate::console",
            "crate::cli",
        ],
    },
    Rule {
        module: "server/src/api",
        never: &[
            "rusqlite",
            "minijinja",
            "crate::pages",
            "crate::console",
            "crate::cli",
            ".write(",
            "Transaction",
        ],
    },
    Rule {
        module: "server/src/pages",
        never: &["rusqlite", "minijinja", "crate::api", "crate::cli", ".write(", "Transaction"],
    },
    Rule {
        module: "server/src/console",
        never: &[
            "rusqlite",
            "axum",
            "crate::api",
            "crate::pages",
            "crate::cli",
            "crate::store",
            "crate::app",
            "crate::pipeline",
            ".write(",
        ],
    },
    Rule {
        module: "server/src/insight",
        never: &[
            "rusqlite",
            "axum",
            "minijinja",
            "clap",
            "crate::api",
            "crate::pages",
            "crate::console",
            "crate::app",
            "crate::pipeline",
            "crate::words",
            "crate::cli",
            ".write(",
            "Transaction",
        ],
    },
    Rule {
        module: "server/src/words",
        never: &[
            "rusqlite",
            "axum",
            "minijinja",
            "crate::store",
            "crate::app",
            "crate::api",
            "crate::pages",
            "crate::console",
            "crate::pipeline",
            "crate::cli",
        ],
    },
];

#[test]
fn modules_use_only_what_they_may() {
    let mut broken = Vec::new();
    for rule in RULES {
        let folder = repository().join(rule.module);
        let found = files(&folder, "rs");
        assert!(!found.is_empty(), "{} has moved: change the table, too", rule.module);
        for file in found {
            let code = code(&file);
            for never in rule.never.iter().filter(|never| mentions(&code, never)) {
                broken.push(format!("{} uses {never}", shown(&file)));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// A path that climbs out of its module would go around the table.
#[test]
fn no_module_climbs_out_by_super() {
    let source = repository().join("server/src");
    let mut broken = Vec::new();
    for file in files(&source, "rs") {
        let inner = file.strip_prefix(&source).expect("below the sources");
        let is_module = inner.file_name().is_some_and(|name| name == "mod.rs");
        let depth = inner.components().count() - usize::from(is_module);
        let to_the_root = "super::".repeat(depth);
        let code = code(&file).replace("super::*", "");
        if depth > 0 && code.contains(&to_the_root) && inner.components().count() > 1 {
            broken.push(format!("{} uses {to_the_root}", shown(&file)));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// One driver, one place: nobody else knows which database it is. HTTP is for those who serve.
#[test]
fn drivers_and_servers_stay_where_they_are() {
    let mut broken = Vec::new();
    for file in files(&repository().join("server/src"), "rs") {
        let (code, name) = (code(&file), shown(&file));
        let only = |what: &str, places: &[&str]| {
            let is_allowed = places.iter().any(|place| name.starts_with(place));
            (mentions(&code, what) && !is_allowed).then(|| format!("{name} uses {what}"))
        };
        broken.extend(only("rusqlite", &["server/src/store/"]));
        broken.extend(only("axum", &["server/src/api/", "server/src/pages/", "server/src/cli/"]));
        broken.extend(only("minijinja", &["server/src/console/"]));
        broken.extend(only("clap", &["server/src/cli/", "server/src/main.rs"]));
        broken.extend(only("std::env", &["server/src/cli/"]));
        broken.extend(only("std::process", &["server/src/cli/", "server/src/main.rs"]));
        broken.extend(only("getrandom", &["server/src/world.rs"]));
        broken.extend(only("crate::cli", &["server/src/cli/", "server/src/main.rs"]));
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// The files that are in the repository.
fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .expect("git lists the files");
    assert!(output.status.success(), "git ls-files failed");
    let listed = String::from_utf8(output.stdout).expect("names in UTF-8");
    let files = listed.split('\0').filter(|name| !name.is_empty());
    files.map(|name| repository().join(name)).filter(|path| path.is_file()).collect()
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    // Put together here, so that this file does not name them either.
    let folders = ["work", "root", "home"].map(|name| format!("/{name}/"));
    let mut broken = Vec::new();
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let named = folders.iter().any(|folder| {
                line.match_indices(folder.as_str()).any(|(position, _)| {
                    // `docs/work/` and addresses such as `https://host/home/` are other things.
                    let before = line[..position].chars().next_back().unwrap_or(' ');
                    !(before.is_alphanumeric() || "._-)}]>".contains(before))
                })
            });
            if named {
                broken.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

const LINES_MAX: usize = 700;

#[test]
fn source_files_say_what_they_are_for_and_fit_a_head() {
    let mut broken = Vec::new();
    for path in tracked() {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        let lines = text.lines().count();
        if lines > LINES_MAX {
            broken.push(format!("{} has {lines} lines", shown(&path)));
        }
        if !text.starts_with("//! ") {
            broken.push(format!("{} does not begin with what it is for", shown(&path)));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// A test file that `main.rs` does not name is never run.
#[test]
fn every_test_file_is_run() {
    for tests in ["server/tests/it", "core/tests/it"] {
        let folder = repository().join(tests);
        if !folder.exists() {
            continue;
        }
        let main = std::fs::read_to_string(folder.join("main.rs")).expect("main.rs");
        let named: BTreeSet<String> = main
            .lines()
            .filter_map(|line| line.trim().strip_prefix("mod ")?.strip_suffix(';'))
            .map(ToOwned::to_owned)
            .collect();
        let there: BTreeSet<String> = files(&folder, "rs")
            .iter()
            .filter(|path| path.parent() == Some(folder.as_path()))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| name != "main")
            .collect();
        assert_eq!(named, there, "{tests}");
    }
    // One binary for each package's integration tests: more would be linked again and again.
    for package in ["server", "core"] {
        let folder = repository().join(package).join("tests");
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".rs"))
            .collect();
        assert_eq!(names, Vec::<String>::new(), "{package}/tests");
    }
}

/// Ignored tests rot, and sleeping for time makes tests that fail on a slow day.
#[test]
fn no_test_is_ignored_and_none_sleeps_long() {
    let ignored = format!("#[{}", "ignore");
    let mut broken = Vec::new();
    for path in tracked() {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        for (number, line) in text.lines().enumerate() {
            let code = code_of(line);
            let sleeps = code.contains("sleep(") && !code.contains("from_millis(1)");
            if sleeps || code.trim_start().starts_with(&ignored) {
                broken.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
