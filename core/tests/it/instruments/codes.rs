//! The text of codes: every mistake that a person makes with one character is found.

use symbolon_core::instrument::{
    ALPHABET, CARD_DIGITS, CERTIFICATE_LENGTH, COUPON_LENGTH, barcode_of, card_number_of, code_of,
    grouped, read_code,
};
use symbolon_core::programme::CodeCase;
use symbolon_core::values::{ActivityId, InstrumentId};

/// Chance that is the same in every run.
fn chance(seed: u64) -> [u8; 16] {
    let mix = |number: u64| {
        let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    };
    let halves = [mix(seed.wrapping_mul(2) + 1), mix(seed.wrapping_mul(2) + 2)];
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&halves[0].to_be_bytes());
    bytes[8..].copy_from_slice(&halves[1].to_be_bytes());
    bytes
}

fn reads(text: &str) -> bool {
    !read_code(text, &[], CodeCase::Ignored).bodies.is_empty()
}

/// Exhaustive over places and characters: each wrong character and each exchange of neighbours.
#[test]
fn every_single_mistake_is_found() {
    for length in [COUPON_LENGTH, CERTIFICATE_LENGTH] {
        for seed in 0..40 {
            let code = code_of(chance(seed), length);
            assert_eq!(code.len(), length + 1);
            assert!(reads(&code), "{code}");
            let characters = code.as_bytes().to_vec();
            for place in 0..characters.len() {
                for wrong in ALPHABET.iter().filter(|wrong| **wrong != characters[place]) {
                    let mut mistyped = characters.clone();
                    mistyped[place] = *wrong;
                    let mistyped = String::from_utf8(mistyped).unwrap();
                    assert!(!reads(&mistyped), "{code} read as {mistyped}");
                }
            }
            for place in 1..characters.len() {
                let mut turned = characters.clone();
                turned.swap(place - 1, place);
                let turned = String::from_utf8(turned).unwrap();
                assert!(turned == code || !reads(&turned), "{code} read as {turned}");
            }
        }
    }
}

/// The same proof without chance: any two weights differ where neighbours do, and none is zero,
/// so all pairs of characters at all places are told apart.
#[test]
fn every_pair_of_characters_at_every_place() {
    let zeros = "2".repeat(CERTIFICATE_LENGTH + 1);
    assert!(reads(&zeros));
    for place in 0..=CERTIFICATE_LENGTH {
        for (rank, character) in ALPHABET.iter().enumerate() {
            let mut text = zeros.clone().into_bytes();
            text[place] = *character;
            assert_eq!(reads(&String::from_utf8(text).unwrap()), rank == 0);
        }
    }
    for place in 1..=CERTIFICATE_LENGTH {
        for (one, a) in ALPHABET.iter().enumerate() {
            for (other, b) in ALPHABET.iter().enumerate() {
                // With a third character that makes the sum right, the exchange makes it wrong.
                let third = if place == 1 { CERTIFICATE_LENGTH } else { 0 };
                let right = ALPHABET.iter().find_map(|c| {
                    let mut text = zeros.clone().into_bytes();
                    (text[place - 1], text[place], text[third]) = (*a, *b, *c);
                    reads(&String::from_utf8(text.clone()).unwrap()).then_some(text)
                });
                let mut turned = right.expect("one character makes it right");
                turned.swap(place - 1, place);
                assert_eq!(reads(&String::from_utf8(turned).unwrap()), one == other);
            }
        }
    }
}

#[test]
fn the_alphabet_has_no_look_alikes() {
    assert_eq!(ALPHABET.len(), 29);
    for wrong in b"01OILSU" {
        assert!(!ALPHABET.contains(wrong), "{}", char::from(*wrong));
    }
}

/// Any 128 bits give a code; those that differ in the part that is used give another.
#[test]
fn codes_differ_as_their_chance_does() {
    let mut codes: Vec<String> = (0..20_000).map(|seed| code_of(chance(seed), 12)).collect();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 20_000);
    let mut counts = [0_u32; 29];
    for code in &codes {
        for byte in &code.as_bytes()[..12] {
            counts[ALPHABET.iter().position(|known| known == byte).unwrap()] += 1;
        }
    }
    let mean = 20_000 * 12 / 29;
    assert!(counts.iter().all(|count| count.abs_diff(mean) < mean / 10), "{counts:?}");
}

/// However it is typed: small letters, hyphens or none, a Cyrillic keyboard, look-alikes.
#[test]
fn a_code_is_read_as_people_type_it() {
    let body = "Q5VABCEHK2348";
    let body = format!("{}{}", &body[..12], last_of(&body[..12]));
    let printed = grouped("GIFT", &body);
    assert_eq!(printed.replace('-', ""), barcode_of("GIFT", &body));
    let prefixes = ["GIFT", "CARD"];
    let found = |text: &str, case| read_code(text, &prefixes, case).bodies;
    for text in [
        printed.clone(),
        printed.to_lowercase(),
        printed.replace('-', " "),
        body.clone(),
        body.to_lowercase(),
        printed.replace('Q', "O"),
        printed.replace('Q', "0"),
        printed.replace('5', "s"),
        printed.replace('V', "u"),
        printed.replace('A', "А").replace('B', "В").replace('C', "с").replace('E', "е"),
    ] {
        assert_eq!(found(&text, CodeCase::Ignored), std::slice::from_ref(&body), "{text}");
    }
    assert_eq!(found(&printed, CodeCase::Matters), std::slice::from_ref(&body));
    for text in [printed.to_lowercase(), printed.replace('Q', "O"), printed.replace('5', "S")] {
        assert!(found(&text, CodeCase::Matters).is_empty(), "{text}");
    }
    for text in ["", "-", "GIFT", "gift-", &"A".repeat(100_000), "ÄÖÜ", "12", &body[1..]] {
        assert!(read_code(text, &prefixes, CodeCase::Ignored).is_mistyped(), "{text:.20}");
    }
    let other = format!("NOTE-{body}");
    assert!(read_code(&other, &prefixes, CodeCase::Ignored).is_mistyped(), "an unknown prefix");
}

/// The check character of twelve others.
fn last_of(code: &str) -> char {
    let right = |last: &&u8| reads(&format!("{code}{}", char::from(**last)));
    ALPHABET.iter().find(right).map_or('?', |last| char::from(*last))
}

/// C5: digits only, thirteen of them, with the check digit of EAN-13.
#[test]
fn card_numbers_look_like_ean_13() {
    for (prefix, seed) in [("", 1), ("29", 2), ("290001", 3)] {
        let card = card_number_of(prefix, chance(seed)).unwrap();
        assert_eq!(card.len(), CARD_DIGITS);
        assert!(card.starts_with(prefix));
        let digits: Vec<u32> = card.chars().map(|digit| digit.to_digit(10).unwrap()).collect();
        let sum: u32 =
            digits.iter().enumerate().map(|(place, digit)| digit * [1, 3][place % 2]).sum();
        assert_eq!(sum % 10, 0, "{card}");
        assert_eq!(read_code(&card, &[], CodeCase::Ignored).card, Some(card.clone()));
        for place in 0..CARD_DIGITS {
            for wrong in (0..10).filter(|wrong| *wrong != digits[place]) {
                let mut mistyped: Vec<u32> = digits.clone();
                mistyped[place] = wrong;
                let text: String = mistyped.iter().map(ToString::to_string).collect();
                assert_eq!(read_code(&text, &[], CodeCase::Ignored).card, None, "{text}");
            }
        }
    }
    assert_eq!(read_code("4006381333931", &[], CodeCase::Ignored).card.unwrap(), "4006381333931");
    assert!(card_number_of("29A", chance(1)).is_err());
    assert!(card_number_of("290000000000", chance(1)).is_err());
}

/// The ids of what one activity issues differ, keep its moment, and follow from it alone.
#[test]
fn what_an_activity_issues_has_ids_of_its_own() {
    let activity = ActivityId::new(0x0190_0000_0000_7000_8000_0000_0000_0000 + 77);
    let mut ids: Vec<InstrumentId> =
        (0..1_000).map(|place| InstrumentId::issued_by(activity, place)).collect();
    assert_eq!(ids[3], InstrumentId::issued_by(activity, 3));
    assert!(ids.iter().all(|id| id.number() >> 62 == activity.number() >> 62));
    let mut buckets: Vec<u8> = ids.iter().map(|id| id.bucket().number()).collect();
    ids.sort();
    ids.dedup();
    buckets.sort_unstable();
    buckets.dedup();
    assert_eq!((ids.len(), buckets.len()), (1_000, 64));
    assert!(ids[0].to_string().starts_with("ins_"));
}
