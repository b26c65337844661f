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

impl Choice {
    /// Whether what holds is what would hold if nothing were said.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.answers.first() == Some(&self.chosen)
    }
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

impl Settings {
    /// Whether all that concerns the amount of a plain discount is as where nothing is said.
    pub(super) fn prices_by_default(&self) -> bool {
        let none = Self::default();
        self.spare_cent == none.spare_cent
            && self.discount_rounding == none.discount_rounding
            && self.rounding_direction == none.rounding_direction
            && self.percentages == none.percentages
            && self.shared_discount == none.shared_discount
    }
}

choices! {
    // ---- prices ----

    /// Who gets the cent that is left when a discount is spread over lines.
    SpareCent spare_cent {
        /// The line whose exact share was cut most.
        LargestRemainder = "largest-remainder",
        FirstLine = "first-line",
        LastLine = "last-line",
    }

    /// Where a percentage is rounded.
    DiscountRounding discount_rounding {
        /// Once, over the sum of its lines; the parts are spread.
        Once = "once",
        /// On each line.
        Line = "line",
        /// On each piece, times the pieces.
        Piece = "piece",
        /// The new price of a piece is rounded, not the discount.
        Price = "price",
    }

    /// Which way discounts, or new prices, are rounded.
    RoundingDirection rounding_direction {
        HalfUp = "half-up",
        Down = "down",
        Up = "up",
    }

    /// What becomes of a part of a discount that a line cannot take, because of its floor.
    FlooredDiscount floored_discount {
        /// Of sums, the other lines take it; of percentages, it is lost.
        SumsMove = "sums-move",
        Moves = "moves",
        Lost = "lost",
    }

    /// How several percentages on one line count.
    Percentages percentages {
        /// Each on what the earlier ones left.
        Compound = "compound",
        /// Each on the price as handed in.
        Add = "add",
        /// The best one only.
        Best = "best",
    }

    /// The order in which discounts apply.
    DiscountOrder order {
        /// By `priority`, then by id.
        Priority = "priority",
        /// Those with a `where` first, then those on the whole receipt.
        LinesFirst = "lines-first",
    }

    /// Which of the possible sets of discounts is taken.
    Choosing choosing {
        /// The one that gives the member most.
        BestForMember = "best-for-member",
        /// The one that costs the shop least, among those to which no rule could be added.
        BestForShop = "best-for-shop",
        /// Rule by rule, in order; of a group the one that gives most at that moment.
        InOrder = "in-order",
    }

    /// How a rule with `exclusive = true` stands against the others.
    Exclusivity exclusivity {
        /// It is taken where it gives more than all others that may stand together.
        Value = "value",
        /// It is taken, even where it gives less.
        Priority = "priority",
    }

    /// What `receipt.total` in a condition looks at.
    Threshold threshold {
        /// The goods as they were handed in.
        HandedIn = "handed-in",
        /// What earlier discounts left of them.
        AfterDiscounts = "after-discounts",
        /// The goods as they were handed in, without those that became free.
        PaidGoods = "paid-goods",
    }

    /// How one sum is spread over its lines.
    SharedDiscount shared_discount {
        ByAmount = "by-amount",
        ByQuantity = "by-quantity",
        /// Lines on which no points are earned take it first.
        LeastEarned = "least-earned",
    }

    /// Which pieces a second rule with a limit of pieces takes.
    LimitedPieces limited_pieces {
        /// Those that no such rule has touched, then the others.
        Untouched = "untouched",
        /// Those that are cheaper already, then the others.
        Lowered = "lowered",
    }

    /// Whether a piece that counted in one set may count in a second one.
    SetPieces set_pieces {
        Once = "once",
        Again = "again",
    }

    /// Whether a rule that found nothing to take off counts as used.
    EmptyRule empty_rule {
        NotUsed = "not-used",
        Used = "used",
    }

    /// Which pieces of a set are free or cheaper.
    FreePiece free_piece {
        Cheapest = "cheapest",
        Dearest = "dearest",
        /// The last ones in the order of the receipt.
        ReceiptOrder = "receipt-order",
    }

    /// Whether the free pieces are chosen in each set, or over all sets together.
    FreeSets free_sets {
        Each = "each",
        Together = "together",
    }

    /// Where the free pieces of "buy two, get one" are.
    FreePieces free_pieces {
        /// Among those on the receipt: three are handed in, two are paid.
        Among = "among",
        /// On top: two are handed in, one more is handed over.
        Added = "added",
    }

    /// How often a set may be made on one receipt, where the rule does not say it.
    SetRepeats set_repeats {
        AsOftenAsItFits = "as-often-as-it-fits",
        Once = "once",
    }

    /// On which pieces the discount of a set lies when some of them come back.
    SetDiscount set_discount {
        /// On all pieces of the set, by what they cost.
        WholeSet = "whole-set",
        /// On the free or cheaper pieces alone.
        FreePieces = "free-pieces",
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

    /// What happens to an award that is more than what a limit or budget leaves, where the
    /// limit itself does not say it.
    OverBudget over_budget {
        /// It is not given at all.
        Stop = "stop",
        /// What is left is given.
        Cut = "cut",
    }

    // ---- companies ----

    /// Whose points are that a company earns with a contact person, where nothing is split.
    CompanyPoints company_points {
        CompanyOwned = "company-owned",
        PersonOwned = "person-owned",
    }
    /// Whether somebody has to be named who spends from a purse that several share.
    PurseSpending purse_spending {
        /// Nobody has to; a contact who is named must be one who may spend.
        Anyone = "anyone",
        Named = "named-contact",
    }
    // ---- people ----

    /// Until when a member may be attributed to who brought it.
    Attribution attribution {
        BeforeFirstPurchase = "before-first-purchase",
        AnyTime = "any-time",
    }
    /// When points end that came from another member.
    TransferredPoints transferred_points {
        OriginalEnd = "original-end",
        /// As if they were earned on the day of the transfer.
        NewEnd = "new-end",
    }
    // ---- games ----

    /// Whether it is kept what each member buys by category: the ground of surprises.
    Preferences preferences {
        NotKept = "not-kept",
        ByCategory = "by-category",
    }
}
