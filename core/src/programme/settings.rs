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

    /// What becomes of the use of a coupon when all that it was used for is taken back.
    CodeUseAfterVoid code_use_after_void {
        /// It can be used again, unless it has ended meanwhile.
        GivenBack = "given-back",
        Kept = "kept",
    }

    /// What a code that does not hold means for the receipt.
    InvalidCode invalid_code {
        /// The code gives nothing; all else stands.
        OnlyThatCode = "only-that-code",
        RefuseReceipt = "refuse-receipt",
    }

    /// Whether `ab` is the same code as `AB`, and whether look-alikes are forgiven.
    CodeCase code_case {
        Ignored = "ignored",
        Matters = "matters",
    }

    /// What gift certificates may pay for. They never pay for certificates.
    CertificatePays certificate_pays {
        All = "all",
        GoodsOnly = "goods-only",
    }

    /// Whether points and certificates may pay for one receipt together.
    PaymentMeans payment_means {
        Together = "together",
        OneMeans = "one-means",
    }

    CertificatesPerReceipt certificates_per_receipt {
        Any = "any",
        One = "one",
    }

    /// Where the price of a returned piece goes that a certificate and money paid together.
    MixedRefund mixed_refund {
        /// To each what it paid for that piece.
        InProportion = "in-proportion",
        CertificateFirst = "certificate-first",
        MoneyFirst = "money-first",
    }

    /// Whether what points paid earns points again.
    PaidWithPoints paid_with_points {
        EarnsNothing = "earns-nothing",
        Earns = "earns",
    }

    /// Whether what a certificate paid earns and counts as spent. The sale of it did not.
    PaidWithCertificate paid_with_certificate {
        Earns = "earns",
        EarnsNothing = "earns-nothing",
    }

    // ---- earning ----

    // ---- returns ----

    // ---- tiers and limits ----
}
