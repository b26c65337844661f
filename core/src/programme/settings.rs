//! What a programme chooses where loyalty systems contradict one another: `[settings]`.
//!
//! Every choice has one default, the first of its answers, and every answer has a word of the
//! programme text. Nothing in the engine may choose silently; what is chosen stands here, or in
//! the rule or point kind itself. The words for people are in the server's locales.

use serde::Serialize;

/// One choice: its key in the text, the words of its answers with the default first, and the
/// word that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub key: &'static str,
    pub answers: &'static [&'static str],
    pub chosen: &'static str,
}

/// Declares the choices: an enum for each, whose first answer is the default, and the struct
/// of them all.
macro_rules! choices {
    ($(
        $(#[$about:meta])*
        $name:ident $field:ident {
            $(#[$first_about:meta])* $first:ident = $first_word:literal,
            $( $(#[$other_about:meta])* $other:ident = $other_word:literal, )*
        }
    )+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            pub enum $name {
                $(#[$first_about])* #[default] $first,
                $( $(#[$other_about])* $other, )*
            }

            impl $name {
                /// The answers with their words in the programme text, the default first.
                pub const ANSWERS: &[(&'static str, Self)] =
                    &[($first_word, Self::$first), $( ($other_word, Self::$other), )*];

                /// The word of the answer in the programme text.
                #[must_use]
                pub const fn word(self) -> &'static str {
                    match self {
                        Self::$first => $first_word,
                        $( Self::$other => $other_word, )*
                    }
                }
            }
        )+

        /// The choices of a programme.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Settings {
            $( pub $field: $name, )+
        }

        impl Settings {
            /// Every choice with what holds, in the order of the book.
            #[must_use]
            pub fn choices(&self) -> Vec<Choice> {
                vec![$( Choice {
                    key: stringify!($field),
                    answers: const { &[$first_word, $( $other_word, )*] },
                    chosen: self.$field.word(),
                }, )+]
            }

            /// Reads the table of settings; what is not said keeps its default.
            pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
                let mut settings = Self::default();
                $(
                    if let Some(node) = fields.optional(stringify!($field))
                        && let Some(answer) = fields.reader().choice(node, $name::ANSWERS)
                    {
                        settings.$field = answer;
                    }
                )+
                settings
            }
        }
    };
}

use super::reader::Fields;

choices! {
    // ---- prices ----

    /// Who gets the cent that is left when a discount is spread over lines.
    SpareCent spare_cent {
        /// The line whose exact share was cut most.
        LargestRemainder = "largest-remainder",
        FirstLine = "first-line",
        LastLine = "last-line",
    }

    // ---- payment and codes ----

    // ---- earning ----

    /// On what points are earned.
    EarningBase earning_base {
        /// What is left to pay.
        AfterDiscounts = "after-discounts",
        /// Discounts on the whole receipt do not lower it.
        AfterLineDiscounts = "after-line-discounts",
        BeforeDiscounts = "before-discounts",
    }
    /// Whether the tax that a price holds earns, too.
    EarningTax earning_tax {
        WithTax = "with-tax",
        WithoutTax = "without-tax",
    }
    /// Whether what a reward takes off lowers what is earned.
    RewardDiscount reward_discount {
        LowersBase = "lowers-base",
        KeepsBase = "keeps-base",
    }
    /// Whether fixed amounts are given where points have paid for everything.
    PointsOnlyReceipt points_only_receipt {
        EarnsNothing = "earns-nothing",
        Earns = "earns",
    }
    /// When points can first be spent.
    OwnPoints own_points {
        /// On the next receipt.
        Later = "later",
        /// On the receipt that earns them.
        SameReceipt = "same-receipt",
    }
    /// What is rounded.
    PointsRounding points_rounding {
        EachAward = "each-award",
        /// All awards of a kind on a receipt together.
        Receipt = "receipt",
    }
    /// What several multipliers make together.
    Multipliers multipliers {
        Multiply = "multiply",
        /// 1.5 and 2 make 2.5.
        Add = "add",
        Highest = "highest",
    }
    /// Whether multipliers touch fixed amounts on receipts.
    FixedPoints fixed_points {
        NotMultiplied = "not-multiplied",
        Multiplied = "multiplied",
    }

    // ---- returns ----

    /// Which points are spent first.
    SpendOrder spend_order {
        SoonestToEnd = "soonest-to-end",
        Oldest = "oldest",
    }
    /// When a return gives back the points that were spent on its receipt.
    SpentPointsOnReturn spent_points_on_return {
        /// With the product that they paid for.
        WithProduct = "with-product",
        /// By the share of the receipt that comes back.
        InProportion = "in-proportion",
        /// With the last piece of the receipt.
        WholeReturnOnly = "whole-return-only",
    }
    /// When points that were given back end.
    RestoredPoints restored_points {
        OriginalEnd = "original-end",
        /// As if they were earned on the day of the return.
        NewEnd = "new-end",
    }
    /// Whether a receipt of which nothing is left still counts as a visit.
    VoidedReceipts voided_receipts {
        NotCounted = "not-counted",
        Counted = "counted",
    }
    /// What a return takes back of points earned.
    EarnedPointsOnReturn earned_points_on_return {
        /// The share of what comes back.
        InProportion = "in-proportion",
        /// What the award exceeds an award on what is kept by.
        OnWhatIsKept = "on-what-is-kept",
    }

    // ---- tiers and limits ----
}
