//! Coupons, gift certificates and cards: `[instrument.gift]`, and the keys of rules about them.

use super::Declared;
use super::rule::read_moment;
use crate::instrument::{CARD_DIGITS, InstrumentKind, plain_text};
use crate::programme::reader::{Fields, Node, Reader};
use crate::programme::{
    CertificateForm, CertificateValues, CouponForm, InstrumentDefinition, InstrumentForm, Issuing,
    Settings,
};
use crate::values::{Key, Money};
use std::ops::Range;

/// The longest prefix of a code. A card has thirteen digits and needs most of them.
const PREFIX_MAX: usize = 8;
const CARD_PREFIX_MAX: usize = CARD_DIGITS - 7;
/// The longest code that anybody may type.
const PUBLIC_MAX: usize = 40;

pub fn read_instruments<'a>(
    reader: &Reader<'a>,
    nodes: Vec<(Key, Range<usize>, Node<'a>)>,
    declared: &Declared<'_>,
    settings: Settings,
) -> Vec<InstrumentDefinition> {
    let mut instruments: Vec<InstrumentDefinition> = Vec::new();
    for (key, span, node) in nodes {
        let Some(table) = reader.fields(node, "the instrument") else { continue };
        let Some(read) = read_instrument(reader, key, table, declared) else { continue };
        let public = |definition: &InstrumentDefinition| {
            let public = definition.coupon().and_then(|coupon| coupon.public.as_deref());
            public.map(|public| plain_text(public, settings.code_case))
        };
        let typed = public(&read);
        if typed.is_some() && instruments.iter().any(|known| public(known) == typed) {
            let hint = "give each coupon a code of its own";
            reader.error(span, "two coupons have the same public code", hint);
        }
        instruments.push(read);
    }
    instruments
}

fn read_instrument<'a>(
    reader: &Reader<'a>,
    key: Key,
    mut table: Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<InstrumentDefinition> {
    let kind = table
        .required("kind", "\"coupon\"")
        .and_then(|node| reader.choice(node, &InstrumentKind::ALL.map(|kind| (kind.name(), kind))));
    let name = table
        .required("name", "{ en = \"…\" }")
        .map(|node| reader.texts(node, false))
        .unwrap_or_default();
    let prefix = table.optional("prefix").map(|node| read_prefix(reader, node, kind));
    let lasts = table.optional("lasts").filter(|_| kind != Some(InstrumentKind::Card));
    let lasts = lasts.map(|node| reader.period(node));
    let form = match kind {
        Some(InstrumentKind::Coupon) => {
            read_coupon(reader, &mut table, declared).map(InstrumentForm::Coupon)
        }
        Some(InstrumentKind::Certificate) => {
            read_certificate(reader, &mut table, declared).map(InstrumentForm::Certificate)
        }
        Some(InstrumentKind::Card) => Some(InstrumentForm::Card),
        // Without a kind nobody knows which of the other keys are meant.
        None => return None,
    };
    table.finish();
    Some(InstrumentDefinition {
        key,
        name,
        prefix: prefix.unwrap_or(Some(String::new()))?,
        lasts: match lasts {
            Some(lasts) => Some(lasts?),
            None => None,
        },
        form: form?,
    })
}

fn read_prefix<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    kind: Option<InstrumentKind>,
) -> Option<String> {
    let text = reader.text(node)?;
    let (fits, hint) = if kind == Some(InstrumentKind::Card) {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        (digits && text.len() <= CARD_PREFIX_MAX, "a card begins with at most 6 digits")
    } else {
        let plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        (plain && text.len() <= PREFIX_MAX, "at most 8 capital letters and digits")
    };
    if fits {
        return Some(text.to_owned());
    }
    reader.error(node.span(), format!("`{text}` cannot be a prefix"), hint);
    None
}

fn read_coupon<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<CouponForm> {
    let public_node = table.optional("public");
    let public = public_node.map(|node| {
        let text = reader.text(node)?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (3..=PUBLIC_MAX).contains(&text.len()) && text.bytes().all(fits) {
            return Some(text.to_owned());
        }
        let hint = "from 3 to 40 letters, digits and hyphens, such as SPRING10";
        reader.error(node.span(), format!("`{text}` cannot be a public code"), hint);
        None
    });
    let personal_node = table.optional("personal");
    let personal = personal_node.and_then(|node| reader.boolean(node)).unwrap_or(false);
    let uses_node = table.optional("uses");
    let most_uses = match uses_node {
        Some(node) if node.get_ref().as_str() == Some("any") => Some(None),
        Some(node) => reader
            .decimal_within(node, 0, 1..=1_000_000, "\"any\", or from 1 to 1000000")
            .map(|uses| u32::try_from(uses).ok()),
        None => Some(Some(1)),
    };
    let (from_node, until_node) = (table.optional("from"), table.optional("until"));
    let from = from_node.and_then(|node| read_moment(reader, node, declared, false));
    let until = until_node.and_then(|node| read_moment(reader, node, declared, true));
    if let (Some(from), Some(until), Some(node)) = (from, until, until_node)
        && until <= from
    {
        let message = "the coupon ends before it begins";
        reader.error(node.span(), message, "exchange `from` and `until`");
    }
    if let (Some(node), Some(_)) = (public_node, personal_node.or(uses_node)) {
        reader.error(
            node.span(),
            "a code that anybody may type is nobody's own and has no uses of its own",
            "leave `personal` and `uses` out, and limit the rule: limit = { per_member = 1 }",
        );
    }
    Some(CouponForm {
        public: match public {
            Some(public) => Some(public?),
            None => None,
        },
        personal,
        most_uses: most_uses?,
        from,
        until,
    })
}

fn read_certificate<'a>(
    reader: &Reader<'a>,
    table: &mut Fields<'_, 'a>,
    declared: &Declared<'_>,
) -> Option<CertificateForm> {
    let money = |node: Node<'a>| reader.money(node, declared.currency);
    let values_node = table.optional("values");
    let values = values_node.map(|node| {
        let nodes = reader.list(node);
        let values: Vec<Money> = nodes.iter().copied().filter_map(money).collect();
        (values.len(), nodes.len(), values)
    });
    let (smallest_node, largest_node) = (table.optional("smallest"), table.optional("largest"));
    let smallest = smallest_node.and_then(money);
    let largest = largest_node.and_then(money);
    let activation = table
        .optional("activation")
        .and_then(|node| reader.choice(node, &[("at-sale", true), ("by-hand", false)]));
    let stands = [values_node, smallest_node, largest_node].map(|node| node.is_some());
    let values = match stands {
        // What cannot be read has a problem of its own already.
        [true, false, false] => match values? {
            (read, listed, values) if read == listed && read > 0 => {
                Some(CertificateValues::OneOf(values))
            }
            (_, listed, _) if listed > 0 => return None,
            _ => None,
        },
        [false, true, true] => {
            let (smallest, largest) = (smallest?, largest?);
            (smallest <= largest).then_some(CertificateValues::Between { smallest, largest })
        }
        _ => None,
    };
    if values.is_none() {
        reader.error(
            table.span(),
            "it is not clear what a certificate may be worth",
            "values = [\"20.00\", \"50.00\"], or smallest = \"10.00\" and largest = \"500.00\"",
        );
    }
    Some(CertificateForm { values: values?, active_at_sale: activation.unwrap_or(true) })
}

/// The position of the coupon that a rule names.
pub(super) fn read_coupon_of<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<usize> {
    let keys: Vec<&str> = declared.instruments.iter().map(|known| known.key.as_str()).collect();
    let position = reader.reference(node, "coupon", &keys)?;
    if declared.instruments[position].kind() == InstrumentKind::Coupon {
        return Some(position);
    }
    let message = format!("`{}` is no coupon", keys[position]);
    reader.error(node.span(), message, "name an instrument with kind = \"coupon\"");
    None
}

pub(super) fn read_issuing<'a>(
    reader: &Reader<'a>,
    node: Node<'a>,
    declared: &Declared<'_>,
) -> Option<Issuing> {
    let mut table = reader.fields(node, "what the rule issues")?;
    let coupon_node = table.required("coupon", "\"next-time\"");
    let coupon = coupon_node.and_then(|node| read_coupon_of(reader, node, declared));
    let lasts = table.optional("lasts").map(|node| reader.period(node));
    table.finish();
    let definition = coupon.and_then(|position| declared.instruments.get(position));
    let is_public = definition
        .and_then(InstrumentDefinition::coupon)
        .is_some_and(|coupon| coupon.public.is_some());
    if let (true, Some(node)) = (is_public, coupon_node) {
        let hint = "leave `public` out, so that each coupon has a code of its own";
        reader.error(node.span(), "a code that anybody may type is not issued", hint);
    }
    let lasts = match lasts {
        Some(lasts) => Some(lasts?),
        None => None,
    };
    Some(Issuing { coupon: coupon?, lasts })
}
