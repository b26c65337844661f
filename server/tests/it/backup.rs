//! Copies of a whole database, and the way back: of SQLite by the program itself while tills sell,
//! of PostgreSQL by its own tools, as the book says.

use crate::support::{Folder, Shop, assert_clean, counts, receipt, skip, symbolon};
use crate::throwaway::{new_database, tool};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use symbolon::app::App;
use symbolon::store::DatabaseUrl;
use symbolon::world::World;

const ANA: &str = "+12025550001";

fn open(address: &str) -> App {
    let url = DatabaseUrl::parse(address).expect("an address");
    App::open(&url, World::Real).expect("a database")
}

/// What was sold before the copy is in it, whole receipts and no halves, and the tills never wait.
#[test]
fn a_copy_is_made_while_tills_sell_and_becomes_a_database_again() {
    let folder = Folder::new();
    let database = folder.database("shop.db");
    let programme = crate::support::programme_path("boloco-card").display().to_string();
    let map = "receipt=receipt sku=sku quantity=quantity unit_price=price at=at member=member";
    let csv = folder.write(
        "receipts.csv",
        "receipt,sku,quantity,price,at,member\n1,lunch,1,9.00,2027-01-02 10:00,a\n",
    );
    let arguments = ["replay", "--programme", &programme, "--map", map, "--database", &database];
    let csv = csv.display().to_string();
    symbolon(&[&arguments[..], &["--receipts", &csv]].concat()).exits(0);
    let app = open(&database);
    let before = counts(&app.store)["activity"];
    let selling = AtomicBool::new(true);
    let sold = AtomicU32::new(0);
    let copy = folder.file("copy.db").display().to_string();
    std::thread::scope(|scope| {
        let seller = scope.spawn(|| {
            while selling.load(Ordering::Relaxed) {
                let number = sold.fetch_add(1, Ordering::Relaxed);
                app.new_key(&format!("till {number}")).expect("a write beside the copy");
            }
        });
        symbolon(&["backup", "--database", &database, "--out", &copy]).exits(0);
        selling.store(false, Ordering::Relaxed);
        seller.join().expect("no panic");
    });
    assert!(sold.load(Ordering::Relaxed) > 0, "the writer waited for the copy");
    let again = symbolon(&["backup", "--database", &database, "--out", &copy]).exits(2);
    assert!(again.error().contains("is there already"), "{}", again.error());

    let other = folder.database("other.db");
    let told = symbolon(&["restore", "--from", &copy, "--database", &other]).exits(0);
    assert!(told.out().contains("1 members") && told.out().contains("other.db.secret"));
    symbolon(&["restore", "--from", &copy, "--database", &other]).exits(2);
    let restored = open(&other);
    assert_eq!(counts(&restored.store)["activity"], before);
    assert_clean(&restored);
}

/// A copy that lies is found out before it takes a place, and stays where it can be looked at.
#[test]
fn a_damaged_copy_is_not_restored() {
    let folder = Folder::new();
    let database = folder.database("shop.db");
    let shop = open(&database);
    let text = crate::support::programme_text("boloco-card");
    shop.publish("boloco-card.toml", &text, shop.world.now()).expect("a programme");
    let copy = folder.file("copy.db");
    shop.store.back_up(&copy).expect("a copy");
    std::fs::write(&copy, b"this is no database at all, however long it may be").expect("damage");
    let other = folder.database("other.db");
    let copy = copy.display().to_string();
    symbolon(&["restore", "--from", &copy, "--database", &other]).exits(1);
    assert!(!folder.file("other.db").exists());
}

/// `pg_dump` and `pg_restore`, as docs/operating/backup.md names them.
#[test]
fn postgres_is_copied_by_its_own_tools() {
    let test = "postgres_is_copied_by_its_own_tools";
    let tools = (tool("pg_dump"), tool("pg_restore"), new_database(), new_database());
    let (Ok(dump), Ok(restore), Ok(first), Ok(second)) = tools else {
        return skip(test, "PostgreSQL is not installed");
    };
    let folder = Folder::new();
    let shop = Shop::at(&first, &crate::support::programme_text("boloco-card"));
    shop.enrol(ANA);
    let body = receipt("R1").of(ANA).line("lunch", "1", "9.00").json();
    shop.till().post("/v1/receipts", &body).expect(201);
    let file = folder.file("shop.dump").display().to_string();
    let ran = |program: &std::path::Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    ran(&dump, &["--format=custom", "--file", &file, "--dbname", &first]);
    let body = receipt("R2").of(ANA).line("lunch", "1", "9.00").json();
    shop.till().post("/v1/receipts", &body).expect(201);
    ran(&restore, &["--no-owner", "--exit-on-error", "--dbname", &second, &file]);
    let restored = open(&second);
    assert_eq!(counts(&restored.store)["activity"], 2, "joining and the first receipt");
    assert_clean(&restored);
}
