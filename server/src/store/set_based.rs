//! One statement for many rows: what PostgreSQL is asked instead of a loop.
//!
//! Texts in, texts out. Only the forms that the waist allows are understood; anything else is an
//! error and never a guess. Types are those that the server itself gave to the parameters.

/// A statement for all rows at once, and how its answer says which of them it touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SetBased {
    /// Takes one array for each parameter of the original.
    pub sql: String,
    pub told_by: ToldBy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ToldBy {
    /// Every row is inserted, or the statement fails.
    Count,
    /// It returns the key of each row that it touched; these are the parameters of the key.
    Key(Vec<usize>),
    /// It returns the place of each row that it touched, counted from 1.
    Place,
}

/// `select … where a = $1` for many keys: the rows of each come with its place, in their order.
pub(super) fn select_each(sql: &str, types: &[String]) -> Result<String, String> {
    let names = parameter_names(types.len());
    let inner = with_names(sql, types.len())?;
    Ok(format!(
        "select k.place as set_place, q.* from {} with ordinality as k({}, place) \
         cross join lateral (select row_number() over () as set_position, s.* from ({inner}) as s) \
         as q order by k.place, q.set_position",
        unnest(types),
        names.join(", "),
    ))
}

/// Whether a statement looks something up in the bucket that its first parameter names.
pub(super) fn reads_by_bucket(sql: &str) -> bool {
    sql.contains("bucket = $1")
}

/// Whether a statement writes to the bucket that its first parameter names.
pub(super) fn writes_by_bucket(sql: &str) -> bool {
    let sql = sql.trim_start();
    match sql.split_whitespace().next().unwrap_or_default() {
        "insert" => between_parentheses(sql)
            .is_some_and(|columns| columns.split(',').next().map(str::trim) == Some("bucket")),
        "update" | "delete" => reads_by_bucket(sql),
        _ => false,
    }
}

/// `select … where bucket = $1 and a = $2` for many keys of one bucket: the bucket stays a plain
/// condition, so that it is seen which machine has all the rows.
pub(super) fn select_each_in_bucket(sql: &str, types: &[String]) -> Result<String, String> {
    // Its name must not look like a parameter, which is what the other names replace.
    let inner = with_names(sql, types.len())?.replace("bucket = k.p1", "bucket = $1");
    let names = parameter_names(types.len()).split_off(1);
    let arrays: Vec<String> = types
        .iter()
        .enumerate()
        .skip(1)
        .map(|(place, name)| format!("${}::{name}[]", place + 1))
        .collect();
    if inner.contains("k.p1 ") || arrays.is_empty() {
        return Err("the bucket is used for something else".to_owned());
    }
    Ok(format!(
        "select k.place as set_place, q.* from unnest({}) with ordinality as k({}, place) \
         cross join lateral (select row_number() over () as set_position, s.* from ({inner}) as s) \
         as q order by k.place, q.set_position",
        arrays.join(", "),
        names.join(", "),
    ))
}

/// An insert of so many rows at once, each with its own parameters, one row after the other.
pub(super) fn insert_rows(sql: &str, parameters: usize, rows: usize) -> Result<SetBased, String> {
    let types = vec![String::new(); parameters];
    let told_by = insert_each(sql.trim(), &types)?.told_by;
    let (head, rest) = sql.trim().split_once("values").ok_or("an insert without `values`")?;
    let close = rest.find(')').ok_or("an insert whose values do not end")?;
    let (values, rest) = rest.split_at(close + 1);
    let row = |row: usize| {
        let named = with_names(values, parameters)?;
        // Backwards, so that `p1` does not take the beginning of `p12`.
        Ok((1..=parameters).rev().fold(named, |text, number| {
            text.replace(&format!("k.p{number}"), &format!("${}", row * parameters + number))
        }))
    };
    let values: Vec<String> = (0..rows).map(row).collect::<Result<_, String>>()?;
    let mut sql = format!("{head} values {}{rest}", values.join(","));
    if let ToldBy::Key(_) = &told_by {
        let (_, target) = rest.split_once("on conflict").ok_or("no `on conflict`")?;
        let table = head.split_whitespace().nth(2).unwrap_or_default();
        let key = between_parentheses(target).ok_or("a conflict without its key")?;
        let returned: Vec<String> =
            key.split(',').map(|name| format!("{table}.{}", name.trim())).collect();
        sql = format!("{sql} returning {}", returned.join(", "));
    }
    Ok(SetBased { sql, told_by })
}

/// How many columns `select_each` adds in front of those of the statement.
pub(super) const COLUMNS_ADDED: usize = 2;

/// An insert, update or delete for many rows.
pub(super) fn execute_each(sql: &str, types: &[String]) -> Result<SetBased, String> {
    let trimmed = sql.trim();
    let word = trimmed.split_whitespace().next().unwrap_or_default();
    match word {
        "insert" => insert_each(trimmed, types),
        "update" => update_each(trimmed, types),
        "delete" => delete_each(trimmed, types),
        _ => Err(format!("`{word}` cannot be run for many rows at once")),
    }
}

/// `copy` for a plain insert whose values are its parameters in their order.
pub(super) fn copy_of(sql: &str) -> Result<String, String> {
    let (head, values) = sql.split_once("values").ok_or("an insert without `values`")?;
    let into = head.trim().strip_prefix("insert into").ok_or("only an insert can be loaded")?;
    let inside = values.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.ok_or("a load has nothing but its values")?;
    let mut numbers = 1..;
    let in_order = |value: &str| {
        let number = value.trim().strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        number == numbers.next()
    };
    if !inside.split(',').all(in_order) {
        return Err("the values of a load are $1 to $n, in their order".to_owned());
    }
    Ok(format!("copy {} from stdin (format binary)", into.trim()))
}

fn insert_each(sql: &str, types: &[String]) -> Result<SetBased, String> {
    let (head, rest) = sql.split_once("values").ok_or("an insert without `values`")?;
    let close = rest.find(')').ok_or("an insert whose values do not end")?;
    let (values, rest) = rest.split_at(close + 1);
    let values = between_parentheses(values).ok_or("an insert whose values do not begin")?;
    let named = with_names(values, types.len())?;
    let (names, rest) = (parameter_names(types.len()).join(", "), rest.trim());
    let sql = format!("{head} select {named} from {} as k({names}) {rest}", unnest(types));
    let Some((_, target)) = rest.split_once("on conflict") else {
        return Ok(SetBased { sql, told_by: ToldBy::Count });
    };
    let columns = between_parentheses(head).ok_or("an insert without its columns")?;
    let columns: Vec<&str> = columns.split(',').map(str::trim).collect();
    let given: Vec<&str> = values.split(',').map(str::trim).collect();
    // Where any conflict is meant, a row is known by all that was given.
    let key = match target.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((key, _)) => key.split(',').map(str::trim).collect(),
        None => columns.clone(),
    };
    let mut places = Vec::with_capacity(key.len());
    for name in &key {
        let position = columns.iter().position(|column| column == name);
        let value = position.and_then(|position| given.get(position));
        match value.and_then(|value| value.strip_prefix('$')?.parse::<usize>().ok()) {
            Some(number) => places.push(number - 1),
            None => return Err(format!("the key column {name} is not given by a parameter")),
        }
    }
    // Without the table's name the column could also be one of those that were given.
    let table = head.split_whitespace().nth(2).unwrap_or_default();
    let returned: Vec<String> = key.iter().map(|name| format!("{table}.{name}")).collect();
    let sql = format!("{sql} returning {}", returned.join(", "));
    Ok(SetBased { sql, told_by: ToldBy::Key(places) })
}

fn update_each(sql: &str, types: &[String]) -> Result<SetBased, String> {
    let named = with_names(sql, types.len())?;
    let (head, condition) = named.split_once("where").ok_or("an update without `where`")?;
    let sql = format!("{head} from {} where {} returning k.place", given(types), condition.trim());
    Ok(SetBased { sql, told_by: ToldBy::Place })
}

fn delete_each(sql: &str, types: &[String]) -> Result<SetBased, String> {
    let named = with_names(sql, types.len())?;
    let (head, condition) = named.split_once("where").ok_or("a delete without `where`")?;
    let sql = format!("{head} using {} where {} returning k.place", given(types), condition.trim());
    Ok(SetBased { sql, told_by: ToldBy::Place })
}

fn given(types: &[String]) -> String {
    let names = parameter_names(types.len());
    format!("{} with ordinality as k({}, place)", unnest(types), names.join(", "))
}

fn unnest(types: &[String]) -> String {
    let arrays: Vec<String> =
        types.iter().enumerate().map(|(place, name)| format!("${}::{name}[]", place + 1)).collect();
    format!("unnest({})", arrays.join(", "))
}

fn parameter_names(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("p{number}")).collect()
}

/// The statement with `k.p1` instead of `$1`. No text in quotes may hold a dollar sign.
fn with_names(sql: &str, count: usize) -> Result<String, String> {
    let mut out = String::with_capacity(sql.len() + 8 * count);
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => {
                out.push_str(before);
                out.push_str(&format!("k.p{number}"));
            }
            _ => return Err("a dollar sign that begins no parameter".to_owned()),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn between_parentheses(text: &str) -> Option<&str> {
    let (_, inside) = text.split_once('(')?;
    inside.split_once(')').map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_select_asks_for_all_keys_at_once() {
        let sql = select_each("select a from t where b = $1 and c = $2", &types(&["int2", "uuid"]));
        assert_eq!(
            sql.as_deref(),
            Ok("select k.place as set_place, q.* from unnest($1::int2[], $2::uuid[]) with \
                ordinality as k(p1, p2, place) cross join lateral (select row_number() over () as \
                set_position, s.* from (select a from t where b = k.p1 and c = k.p2) as s) as q \
                order by k.place, q.set_position")
        );
    }

    #[test]
    fn an_insert_says_which_rows_it_touched_by_their_keys() {
        let plain = execute_each("insert into t (a, b) values ($1, $2)", &types(&["int8", "text"]));
        let plain = plain.expect("a statement");
        assert_eq!(
            plain.sql,
            "insert into t (a, b)  select k.p1, k.p2 from unnest($1::int8[], $2::text[]) as k(p1, p2) "
        );
        assert_eq!(plain.told_by, ToldBy::Count);
        let sql =
            "insert into t (a, b) values ($1, $2)\n on conflict (b) do update set a = excluded.a";
        let told = execute_each(sql, &types(&["int8", "text"])).expect("a statement");
        assert!(told.sql.ends_with("set a = excluded.a returning t.b"), "{}", told.sql);
        assert_eq!(told.told_by, ToldBy::Key(vec![1]));
    }

    #[test]
    fn updates_and_deletes_say_which_rows_they_touched_by_their_places() {
        let update = execute_each("update t set a = $2 where b = $1", &types(&["int8", "text"]));
        assert_eq!(
            update.expect("a statement").sql,
            "update t set a = k.p2  from unnest($1::int8[], $2::text[]) with ordinality as \
             k(p1, p2, place) where b = k.p1 returning k.place"
        );
        let delete = execute_each("delete from t where b = $1", &types(&["int8"]));
        assert_eq!(
            delete.expect("a statement").sql,
            "delete from t  using unnest($1::int8[]) with ordinality as k(p1, place) where b = \
             k.p1 returning k.place"
        );
    }

    #[test]
    fn a_load_is_a_copy_of_the_columns_that_are_named() {
        let copy = copy_of("insert into t (a, b)\n values ($1, $2)");
        assert_eq!(copy.as_deref(), Ok("copy t (a, b) from stdin (format binary)"));
        for sql in [
            "insert into t (a, b) values ($2, $1)",
            "insert into t (a) values (1)",
            "insert into t (a) values ($1) on conflict do nothing",
            "update t set a = $1",
        ] {
            assert!(copy_of(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_bucket_stays_a_plain_condition() {
        let sql = "select a from t where t.bucket = $1 and c = $2";
        let sql = select_each_in_bucket(sql, &types(&["int2", "uuid"])).expect("a statement");
        assert!(sql.contains("unnest($2::uuid[]) with ordinality as k(p2, place)"), "{sql}");
        assert!(sql.contains("(select a from t where t.bucket = $1 and c = k.p2)"), "{sql}");
        assert!(reads_by_bucket("select 1 from t where bucket = $1"));
        for (sql, writes) in [
            ("insert into t (bucket, a) values ($1, $2)", true),
            ("insert into t (a, bucket) values ($1, $2)", false),
            ("update t set a = $2 where bucket = $1", true),
            ("delete from t where a = $1", false),
            ("select a from t where bucket = $1", false),
        ] {
            assert_eq!(writes_by_bucket(sql), writes, "{sql}");
        }
    }

    #[test]
    fn rows_are_inserted_one_after_the_other() {
        let sql = "insert into t (bucket, a) values ($1, $2)";
        let rows = insert_rows(sql, 2, 2).expect("a statement");
        assert_eq!(rows.sql, "insert into t (bucket, a)  values  ($1, $2), ($3, $4)");
        assert_eq!(rows.told_by, ToldBy::Count);
        let sql = "insert into t (bucket, a) values ($1, $2) on conflict (bucket) do nothing";
        let rows = insert_rows(sql, 2, 2).expect("a statement");
        assert!(rows.sql.ends_with("on conflict (bucket) do nothing returning t.bucket"));
        assert_eq!(rows.told_by, ToldBy::Key(vec![0]));
    }

    #[test]
    fn what_is_no_such_form_is_refused() {
        for sql in [
            "select 1",
            "insert into t (a, b) values ($1, 2) on conflict (b) do nothing",
            "insert into t (a) select $1",
            "update t set a = $1",
            "delete from t where a = '$'",
        ] {
            assert!(execute_each(sql, &types(&["int8"])).is_err(), "{sql}");
        }
    }
}
