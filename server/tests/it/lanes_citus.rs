//! Lanes by bucket on a real Citus, where it is installed: the statements that spread the tables
//! can be run, and the story of `lanes` goes on them as on plain PostgreSQL.

use crate::lanes::{TEXT, Teller, assert_names_moved, left, plain};
use crate::support::{Folder, Shop, start, symbolon};
use crate::throwaway::{self, Server, tool};
use std::sync::Arc;
use symbolon::app::{App, LaneChoice, lanes_choose, verify};
use symbolon::store::{DatabaseUrl, Store, StoreError};
use symbolon::world::World;

/// Whether this machine's PostgreSQL has Citus.
fn is_installed() -> bool {
    let Ok(postgres) =
        tool("postgres").and_then(|path| path.canonicalize().map_err(|e| e.to_string()))
    else {
        return false;
    };
    let lib = postgres.parent().and_then(|bin| bin.parent()).map(|root| root.join("lib/citus.so"));
    lib.is_some_and(|file| file.is_file())
}

fn run(store: &Store, sql: &str) {
    let done = store.write(|transaction| {
        if sql.starts_with("select") {
            transaction.query(sql, &[]).map(|_| ())
        } else {
            transaction.execute(sql, &[]).map(|_| ())
        }
    });
    done.map_err(|error: StoreError| format!("{sql}: {error:?}")).expect("a statement");
}

fn told(address: &str, prepare: impl Fn(&Store)) -> (Vec<String>, Vec<String>) {
    // Without what notes every write: Citus knows no triggers.
    let url = DatabaseUrl::parse(address).expect("an address");
    let app = App::open(&url, World::staged(start(), 7)).expect("a database");
    let app = lanes_choose(app, LaneChoice::Bucket).expect("lanes");
    app.publish("programme.toml", TEXT, start()).expect("a programme");
    prepare(&app.store);
    let shop = Shop::of(app, address, &Arc::new(Folder::new()));
    let mut teller = Teller::default();
    if let Err(answer) = teller.tell(&shop.till()) {
        panic!("{answer}");
    }
    assert_names_moved(&shop, &teller);
    let report = verify(&shop.app, |_| {}).expect("the database can be read");
    assert_eq!(report.differences, Vec::<String>::new());
    (plain(&teller), left(&shop))
}

#[test]
fn lanes_by_bucket_on_citus_are_as_on_plain_postgres() {
    // Few have it, so it is no part of what must run everywhere.
    if !is_installed() {
        eprintln!("SKIPPED lanes_by_bucket_on_citus_are_as_on_plain_postgres: no Citus here");
        return;
    }
    let server = Server::start("citus", "-c shared_preload_libraries=citus").expect("a server");
    let citus = server.new_database("citus").expect("a database");
    let spread = |store: &Store| {
        for statement in symbolon(&["schema", "citus"]).exits(0).out().lines() {
            let statement = statement.trim_end_matches(';');
            run(store, statement);
            if statement.starts_with("create extension") {
                // One machine that holds everything, spoken to through its socket.
                run(store, &format!("select citus_set_coordinator_host('{}')", server.host()));
                let own = "select citus_set_node_property(nodename, nodeport, 'shouldhaveshards', \
                    true) from pg_dist_node";
                run(store, own);
            }
        }
    };
    let on_citus = told(&citus, spread);
    let plain = told(&throwaway::new_database().expect("a database"), |_| {});
    assert_eq!(on_citus, plain);
}
