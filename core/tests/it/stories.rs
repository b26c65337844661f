//! Every programme of `programmes/` is read without an error or a finding and its stories come
//! true. Notes are allowed: the discount card has its entry threshold on purpose (E2).

use jiff::Timestamp;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use symbolon_core::programme::{Programmes, Severity, Version, read};
use symbolon_core::story;

fn programmes_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../programmes")
}

#[test]
fn programmes_and_their_stories() {
    let mut told = 0;
    let mut failures = Vec::new();
    let mut files: Vec<_> = fs::read_dir(programmes_folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 9, "the known programmes are there");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let reading = read(&name, &fs::read_to_string(&file).unwrap());
        let surprises = reading.remarks.iter().filter(|remark| remark.severity != Severity::Note);
        failures.extend(surprises.map(ToString::to_string));
        let Some(programme) = reading.programme else { continue };
        let version = Version { number: 1, from: Timestamp::MIN, programme: Arc::new(programme) };
        let programmes = Programmes::new(vec![version]);
        let stories_file = file.with_extension("stories");
        let stories = story::parse(&name, &fs::read_to_string(&stories_file).unwrap());
        match stories {
            Err(problems) => failures.extend(problems.iter().map(ToString::to_string)),
            Ok(stories) => {
                for story in &stories {
                    told += 1;
                    for failure in story::run(&programmes, story) {
                        failures.push(format!(
                            "{}:{}: {}: {}",
                            stories_file.display(),
                            failure.line,
                            story.name,
                            failure.message
                        ));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(told >= 60, "only {told} stories were told");
}
