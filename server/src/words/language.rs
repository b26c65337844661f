//! The languages that Symbolon speaks, and which of them a reader wants.

/// A language of the pages, of the reasons and of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    #[default]
    En,
    Ru,
    Uk,
    Nb,
}

impl Language {
    /// In the order in which a page offers them.
    pub const ALL: [Self; 4] = [Self::En, Self::Ru, Self::Uk, Self::Nb];

    /// The code of BCP 47, as in the `lang` attribute of a page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Uk => "uk",
            Self::Nb => "nb",
        }
    }

    /// What its speakers call it. A switch names languages this way, because whoever
    /// needs it may not read the language that the page is in.
    #[must_use]
    pub const fn native_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
            Self::Uk => "Українська",
            Self::Nb => "Norsk",
        }
    }

    /// Reads a code such as `nb`, `nb-NO` or `en_GB`, from `?lang=` or from a cookie.
    ///
    /// `no` says "Norwegian" without saying which; browsers send it for Bokmål. Readers of
    /// Nynorsk get Bokmål too: it is nearer to them than English.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "ru" => Some(Self::Ru),
            "uk" => Some(Self::Uk),
            "nb" | "no" | "nn" => Some(Self::Nb),
            _ => None,
        }
    }

    /// The best language of an `Accept-Language` header (RFC 9110, section 12.5.4);
    /// English where it names none of ours.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (Self::default(), 0);
        for item in header.split(',') {
            let (range, parameters) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight_thousandths(parameters);
            // Of equal weights the first wins, which is what browsers mean by their order.
            if let Some(language) = Self::from_code(range)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// What the reader chose on the page comes first, then what was chosen before, then
    /// what the browser says.
    #[must_use]
    pub fn choose(query: Option<&str>, cookie: Option<&str>, accept: Option<&str>) -> Self {
        query
            .and_then(Self::from_code)
            .or_else(|| cookie.and_then(Self::from_code))
            .unwrap_or_else(|| Self::from_accept_language(accept.unwrap_or_default()))
    }
}

/// `q=0.8` in thousandths. No parameter means 1; what cannot be read means "not wanted".
fn weight_thousandths(parameters: &str) -> u32 {
    let Some(value) = parameters.split(';').find_map(|one| one.trim().strip_prefix("q=")) else {
        return 1_000;
    };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|digits| digits.parse::<u32>().ok())) {
        ("0", Some(thousandths)) => thousandths,
        ("1", Some(_)) => 1_000,
        _ => 0,
    }
}
