//! Where the parts of a programme stand in its text.
//!
//! It reads the table once more instead of carrying places through the checked programme,
//! which is asked for them only when something is odd.

use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

use crate::programme::reader::Node;

/// The tables of a text by the ids of what they declare.
pub struct Places<'a> {
    root: &'a DeTable<'a>,
    /// Rules and rewards, which share their ids' space.
    listed: BTreeMap<&'a str, Node<'a>>,
}

impl<'a> Places<'a> {
    pub fn of(root: &'a DeTable<'a>) -> Self {
        let mut listed = BTreeMap::new();
        for list in ["rule", "reward"] {
            let nodes = value(root, list).and_then(|node| node.get_ref().as_array());
            for node in nodes.into_iter().flat_map(|list| list.iter()) {
                if let Some(id) = inside(node, "id").and_then(|id| id.get_ref().as_str()) {
                    listed.insert(id, node);
                }
            }
        }
        Self { root, listed }
    }

    /// A rule or a reward.
    pub fn of_listed(&self, id: &str) -> Range<usize> {
        self.listed.get(id).map_or(0..0, |node| node.span())
    }

    /// The value of a key of a rule or a reward; the whole of it where the key is not there.
    pub fn of_part(&self, id: &str, key: &str) -> Range<usize> {
        let part = self.listed.get(id).and_then(|node| inside(node, key));
        part.map_or_else(|| self.of_listed(id), toml::Spanned::span)
    }

    /// What is declared as `[table.id]`: the place of its id.
    pub fn of_declared(&self, table: &str, id: &str) -> Range<usize> {
        let declared = value(self.root, table).and_then(|node| node.get_ref().as_table());
        declared
            .and_then(|table| table.iter().find(|(key, _)| key.get_ref() == id))
            .map_or(0..0, |(key, _)| key.span())
    }

    /// The value of a key of a table such as `[ending]`.
    pub fn of_key(&self, table: &str, key: &str) -> Range<usize> {
        let found = value(self.root, table).and_then(|node| inside(node, key));
        found.map_or(0..0, toml::Spanned::span)
    }

    /// A tier of a ladder.
    pub fn of_tier(&self, ladder: &str, position: usize) -> Range<usize> {
        let ladders = value(self.root, "ladder").and_then(|node| node.get_ref().as_table());
        let tiers = ladders
            .and_then(|table| value(table, ladder))
            .and_then(|node| inside(node, "tier").and_then(|tiers| tiers.get_ref().as_array()));
        tiers
            .and_then(|tiers| tiers.get(position))
            .map_or_else(|| self.of_declared("ladder", ladder), toml::Spanned::span)
    }
}

fn value<'a>(table: &'a DeTable<'a>, name: &str) -> Option<Node<'a>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}

fn inside<'a>(node: Node<'a>, name: &str) -> Option<Node<'a>> {
    match node.get_ref() {
        DeValue::Table(table) => value(table, name),
        _ => None,
    }
}
