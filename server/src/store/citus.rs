//! How the tables are spread over the machines of a Citus cluster: those with a bucket by it, each
//! bucket of all of them on one machine; the others, which are small, on every machine.

use super::migrate::Migration;

/// How many parts the tables are divided into. A part is what moves when machines are added; there
/// are as many as buckets.
pub const DISTRIBUTED_SHARDS: u8 = symbolon_core::values::BUCKETS;

/// The tables of the migrations, in their order, and whether they have a bucket.
fn tables(migrations: &[Migration]) -> Result<Vec<(String, bool)>, String> {
    let mut tables: Vec<(String, bool)> = Vec::new();
    for migration in migrations {
        let plain: String = migration
            .sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        for statement in plain.split(';').map(str::trim) {
            let Some(rest) = statement.strip_prefix("create table ") else {
                if statement.starts_with("drop table") || statement.contains(" rename ") {
                    return Err(format!("migration {} removes or renames a table", migration.name));
                }
                continue;
            };
            let (name, columns) = rest.split_once('(').ok_or("a table without columns")?;
            let has_bucket =
                columns.split(',').any(|column| column.split_whitespace().next() == Some("bucket"));
            tables.push((name.trim().to_owned(), has_bucket));
        }
    }
    Ok(tables)
}

/// The statements, in the order in which they are to be run.
pub fn citus_statements(migrations: &[Migration]) -> Result<Vec<String>, String> {
    let tables = tables(migrations)?;
    let mut statements = vec!["create extension if not exists citus".to_owned()];
    let unless = |table: &str| {
        format!(
            "where not exists (select 1 from pg_dist_partition where logicalrelid = '{table}'::regclass)"
        )
    };
    for (table, _) in tables.iter().filter(|(_, has_bucket)| !has_bucket) {
        let unless = unless(table);
        statements.push(format!("select create_reference_table('{table}') {unless}"));
    }
    let mut first: Option<&str> = None;
    for (table, _) in tables.iter().filter(|(_, has_bucket)| *has_bucket) {
        let with = match first {
            None => format!("shard_count => {DISTRIBUTED_SHARDS}, colocate_with => 'none'"),
            Some(first) => format!("colocate_with => '{first}'"),
        };
        first.get_or_insert(table);
        let unless = unless(table);
        statements
            .push(format!("select create_distributed_table('{table}', 'bucket', {with}) {unless}"));
    }
    Ok(statements)
}
