//! Partners of one programme: `[partner.bank]`.

use crate::programme::reader::{Node, Reader};
use crate::programme::{Partner, PointKind};
use crate::values::{Key, Rate};
use std::ops::Range;

pub(super) fn read_partners<'a>(
    reader: &Reader<'a>,
    nodes: &[(Key, Range<usize>, Node<'a>)],
    points: &[PointKind],
) -> Vec<Partner> {
    let mut partners = Vec::new();
    for (key, _, node) in nodes {
        let Some(mut table) = reader.fields(node, "the partner") else { continue };
        let name = table
            .required("name", "{ en = \"…\" }")
            .map(|node| reader.texts(node, false))
            .unwrap_or_default();
        let mut rates = |key: &'static str| {
            let node = table.optional(key);
            node.map(|node| read_rates(reader, node, points)).unwrap_or_default()
        };
        let (issued, redeemed) = (rates("issued"), rates("redeemed"));
        table.finish();
        partners.push(Partner { key: key.clone(), name, issued, redeemed });
    }
    // The place in the file means nothing.
    partners.sort_by(|a, b| a.key.cmp(&b.key));
    partners
}

/// `{ miles = "0.008" }`: units of money for one point, as exact decimals.
fn read_rates<'a>(reader: &Reader<'a>, node: Node<'a>, points: &[PointKind]) -> Vec<(usize, Rate)> {
    let keys: Vec<&str> = points.iter().map(|kind| kind.key.as_str()).collect();
    let Some(table) = node.get_ref().as_table() else {
        let hint = "write { miles = \"0.008\" }";
        reader.error(node.span(), "expected money for one point of each kind", hint);
        return Vec::new();
    };
    let mut rates = Vec::new();
    for (kind, rate) in table {
        let place = reader.reference_to(kind.get_ref(), kind.span(), "point kind", &keys);
        let range = 0..=1_000_000 * Rate::ONE.units();
        let words = "from 0 to 1000000 units of money for a point";
        let rate = reader.decimal_within(rate, Rate::DECIMALS, range, words).map(Rate::new);
        rates.extend(place.zip(rate));
    }
    rates.sort_by_key(|(place, _)| *place);
    rates
}
