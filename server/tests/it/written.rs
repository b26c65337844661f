//! What each transaction wrote on PostgreSQL: every row that it inserted, updated or deleted, by
//! triggers that no statement of the product knows of, and what the rows themselves say.

use symbolon::store::{Store, StoreError};

const NOTE: &str = "
    create function note_written() returns trigger language plpgsql as $body$
    begin
        if tg_op <> 'INSERT' then
            insert into written values (txid_current(), old.bucket, tg_table_name);
        end if;
        if tg_op <> 'DELETE' then
            insert into written values (txid_current(), new.bucket, tg_table_name);
        end if;
        return null;
    end
    $body$";

/// All tables with buckets.
pub fn bucket_tables(store: &Store) -> Vec<String> {
    let found = store.read(|reader| {
        let rows = reader.query(
            "select cast(table_name as text) as name from information_schema.columns
             where table_schema = current_schema() and column_name = 'bucket'
             and table_name <> 'written' order by table_name",
            &[],
        )?;
        rows.iter().map(|row| row.get::<String>("name")).collect::<Result<Vec<_>, StoreError>>()
    });
    found.expect("the tables")
}

/// From now on, notes what every transaction writes. Once is enough.
pub fn watch(store: &Store) {
    let tables = bucket_tables(store);
    let watched = store.write(|transaction| {
        let there = transaction.query_one(
            "select count(*) as n from pg_tables
             where schemaname = current_schema() and tablename = 'written'",
            &[],
        )?;
        if there.get::<i64>("n")? > 0 {
            return Ok(());
        }
        let table = "create table written (transaction bigint, bucket smallint, of_table text)";
        transaction.execute(table, &[])?;
        transaction.execute(NOTE, &[])?;
        for table in &tables {
            let sql = format!(
                "create trigger note after insert or update or delete on {table}
                 for each row execute function note_written()"
            );
            transaction.execute(&sql, &[])?;
        }
        Ok::<_, StoreError>(())
    });
    watched.expect("triggers");
}

/// Transactions that wrote to more than one bucket, with the tables.
pub fn over_buckets(store: &Store) -> Vec<String> {
    let found = store.read(|reader| {
        let rows = reader.query(
            "select string_agg(distinct of_table || ' ' || bucket, ', ') as wrote from written
             group by transaction having count(distinct bucket) > 1",
            &[],
        )?;
        rows.iter().map(|row| row.get::<String>("wrote")).collect::<Result<Vec<_>, StoreError>>()
    });
    found.expect("what was written")
}

/// The same by the rows alone: each says which transaction wrote it last.
pub fn rows_over_buckets(store: &Store) -> usize {
    let tables: Vec<String> = bucket_tables(store)
        .iter()
        .map(|table| format!("select cast(xmin as text) as transaction, bucket from {table}"))
        .collect();
    let sql = format!(
        "select transaction from ({}) as t group by transaction having count(distinct bucket) > 1",
        tables.join(" union all ")
    );
    store.read(|reader| reader.query(&sql, &[])).expect("the rows").len()
}

/// How many transactions wrote anything to a bucket.
pub fn transactions(store: &Store) -> i64 {
    let counted = store.read(|reader| {
        let sql = "select count(distinct transaction) as n from written";
        reader.query_one(sql, &[])?.get("n")
    });
    counted.map_err(|error: StoreError| error.to_string()).expect("a count")
}
