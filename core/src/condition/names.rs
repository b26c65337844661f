//! Finds the fact that a name means, or says what could have been meant.

use super::fact::{Environment, Fact, PLAIN_FACTS, Scope, declared_name, written};

/// Why a name means nothing here: a message and what to do.
#[derive(Debug)]
pub(super) struct Unknown {
    pub message: String,
    pub hint: String,
}

/// Functions of `member` with how each is written.
pub(super) const MEMBER_FUNCTIONS: [(&str, &str); 7] = [
    ("tier", "member.tier(\"…\") with the name of a ladder"),
    ("visits", "member.visits() or member.visits(days(90))"),
    ("spent", "member.spent() or member.spent(months(12))"),
    ("earned", "member.earned(\"…\") or member.earned(\"…\", months(12)) with a kind of points"),
    ("balance", "member.balance(\"…\") with a kind of points"),
    ("lacks", "member.lacks(\"…\") with the name of a ladder"),
    ("has_membership", "member.has_membership(\"…\") with a membership that is paid for"),
];

impl Scope {
    fn has(self, root: &str) -> bool {
        match root {
            "member" => self.member,
            "receipt" | "contact" => self.receipt,
            "line" => self.line,
            "action" => self.action,
            "today" | "now" => self.time,
            _ => false,
        }
    }

    /// The roots that may be used, for hints.
    fn roots(self) -> String {
        let roots = ["member", "receipt", "contact", "line", "action", "today", "now"];
        let present: Vec<&str> = roots.into_iter().filter(|root| self.has(root)).collect();
        present.join(", ")
    }

    /// Refuses a root that the language has, but not here.
    pub(super) fn require(self, root: &str) -> Result<(), Unknown> {
        let known = ["member", "receipt", "contact", "line", "action", "today", "now"];
        let known = known.contains(&root);
        if !known || self.has(root) {
            return Ok(());
        }
        let here = self.roots();
        Err(Unknown {
            message: format!("there is no `{root}` here"),
            hint: if root == "line" && self.receipt {
                "ask `receipt.lines.exists(x, …)`, where `x` is a line".to_owned()
            } else if here.is_empty() {
                "no facts may be used here".to_owned()
            } else {
                format!("here are {here}")
            },
        })
    }
}

/// The fact of a path without calls, such as `receipt.total`.
///
/// `variable` is the line of `exists` or `all` around the path; it stands for `line`.
pub(super) fn find_fact(
    environment: &Environment,
    path: &str,
    variable: Option<&str>,
) -> Result<Fact, Unknown> {
    let (root, name) = path.split_once('.').unwrap_or((path, ""));
    let is_variable = variable == Some(root);
    if !is_variable {
        if root == "line"
            && let Some(variable) = variable
        {
            return Err(Unknown {
                message: "`line` cannot be used inside `exists` and `all`".to_owned(),
                hint: format!("here the line is called `{variable}`"),
            });
        }
        environment.scope.require(root)?;
    }
    let root = if is_variable { "line" } else { root };
    let full = if name.is_empty() { root.to_owned() } else { format!("{root}.{name}") };
    if let Some((_, fact)) = PLAIN_FACTS.iter().find(|(text, _)| *text == full) {
        return Ok(*fact);
    }
    let declared = match root {
        "member" => find_declared(&environment.attributes, name).map(Fact::MemberAttribute),
        "action" => find_declared(&environment.action_fields, name).map(Fact::ActionField),
        _ => None,
    };
    declared.ok_or_else(|| unknown(environment, path, root, name, variable))
}

/// The place of a declared name; hyphens may be written as underscores.
fn find_declared<T>(list: &[(String, T)], name: &str) -> Option<u16> {
    let exact = list.iter().position(|(declared, _)| declared == name);
    let place = exact.or_else(|| list.iter().position(|(declared, _)| written(declared) == name));
    place.and_then(|place| u16::try_from(place).ok())
}

fn unknown(
    environment: &Environment,
    path: &str,
    root: &str,
    name: &str,
    variable: Option<&str>,
) -> Unknown {
    if root == "member"
        && let Some((_, usage)) = MEMBER_FUNCTIONS.iter().find(|(function, _)| *function == name)
    {
        let message = format!("`member.{name}` needs parentheses");
        return Unknown { message, hint: format!("write {usage}") };
    }
    if root == "receipt" && name == "lines" {
        return Unknown {
            message: "`receipt.lines` is not a value by itself".to_owned(),
            hint: "ask `receipt.lines.exists(x, …)` or `receipt.lines.all(x, …)`".to_owned(),
        };
    }
    let candidates = fact_names(environment, variable);
    // `member.shoe-size` was read as a subtraction.
    let hyphenated = [("member", &environment.attributes), ("action", &environment.action_fields)]
        .into_iter()
        .filter(|(owner, _)| *owner == root)
        .flat_map(|(_, declared)| declared)
        .find(|(declared, _)| declared.split('-').next() == Some(name));
    if let Some((declared, _)) = hyphenated {
        let message = format!("there is no fact `{path}`");
        let hint = format!("`{declared}` is written `{root}.{}`", written(declared));
        return Unknown { message, hint };
    }
    let hint = nearest(path, candidates.iter().map(String::as_str)).map_or_else(
        || {
            let prefix = format!("{}.", path.split('.').next().unwrap_or_default());
            let same_root: Vec<&str> = candidates
                .iter()
                .map(String::as_str)
                .filter(|candidate| candidate.starts_with(&prefix))
                .collect();
            if same_root.is_empty() {
                format!("here are {}", environment.scope.roots())
            } else {
                format!("here are {}", same_root.join(", "))
            }
        },
        |near| format!("did you mean `{near}`?"),
    );
    Unknown { message: format!("there is no fact `{path}`"), hint }
}

/// Every path that may be written here, functions with their opening parenthesis.
fn fact_names(environment: &Environment, variable: Option<&str>) -> Vec<String> {
    let mut names = Vec::new();
    for (text, fact) in PLAIN_FACTS {
        let root = text.split('.').next().unwrap_or_default();
        match variable {
            Some(variable) if fact.is_of_line() => names.push(text.replacen("line", variable, 1)),
            _ if environment.scope.has(root) => names.push((*text).to_owned()),
            _ => {}
        }
    }
    if environment.scope.member {
        names.extend(MEMBER_FUNCTIONS.iter().map(|(function, _)| format!("member.{function}(…)")));
        names.extend((0..environment.attributes.len()).filter_map(|index| {
            let index = u16::try_from(index).ok()?;
            Some(format!("member.{}", written(declared_name(&environment.attributes, index))))
        }));
    }
    if environment.scope.receipt {
        names.push("receipt.lines.exists(…)".to_owned());
        names.push("receipt.lines.all(…)".to_owned());
    }
    if environment.scope.action {
        names.extend(
            environment.action_fields.iter().map(|(name, _)| format!("action.{}", written(name))),
        );
    }
    names
}

/// The candidate that a slip of the hand could have made of the name.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = (name.chars().count() / 4).clamp(1, 3);
    candidates
        .map(|candidate| (distance(name, candidate.trim_end_matches("(…)")), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, with swapped neighbours counting as one slip.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    // A name is at most as long as the text; what is far longer than any candidate is far.
    if left.len().abs_diff(right.len()) > 3 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for (row, character) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let replaced = rows[row][column] + usize::from(character != other);
            let mut best = replaced.min(rows[row][column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && left[row - 1] == *other && *character == right[column - 1];
            if swapped {
                best = best.min(rows[row - 1][column - 1] + 1);
            }
            current.push(best);
        }
        rows.push(current);
    }
    rows[left.len()][right.len()]
}
