//! Reading bodies: strict JSON, exact decimals, one clear error.

use super::problem::{Code, Problem};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use symbolon_core::values::{Currency, DecimalError, Money, Points, Quantity, Rate, parse_decimal};

/// A JSON body. A key that is not known is an error: a misspelt one must not be ignored, and
/// a caller must not set what is not his to set (case 69).
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                let most = super::BODY_BYTES_MAX;
                return Problem::new(Code::BodyTooLarge, format!("at most {most} bytes"));
            }
            Problem::new(Code::BodyInvalid, rejection.body_text())
        })?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem::new(Code::BodyInvalid, error.to_string()))
    }
}

/// A code. What is no text is refused without repeating it: it may be a code all the same.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "a code as text")]
pub enum CodeText {
    Text(String),
}

impl CodeText {
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
        }
    }
}

/// Codes are never printed.
impl std::fmt::Debug for CodeText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeText")
    }
}

/// A decimal as a text such as "12.50", or as a whole number. Never a float: 0.1 has no exact
/// float, and a till must not be taught otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a decimal as text such as \"12.50\", or a whole number")]
pub enum DecimalText {
    Text(String),
    Whole(i64),
}

impl DecimalText {
    fn units(&self, decimals: u8) -> Result<i64, DecimalError> {
        match self {
            Self::Text(text) => parse_decimal(text, decimals),
            Self::Whole(number) => parse_decimal(&number.to_string(), decimals),
        }
    }

    /// An amount of points with so many decimals.
    pub fn points(&self, name: &str, decimals: u8) -> Result<Points, Problem> {
        self.units(decimals).map(Points::new).map_err(|cause| wrong(name, cause))
    }

    pub fn quantity(&self, name: &str) -> Result<Quantity, Problem> {
        self.units(Quantity::DECIMALS).map(Quantity::new).map_err(|cause| wrong(name, cause))
    }

    /// Per cent, from zero to a hundred, as a rate of one hundred.
    pub fn percent(&self, name: &str) -> Result<Rate, Problem> {
        let rate = self.units(Rate::DECIMALS).map_err(|cause| wrong(name, cause))?;
        if (0..=100 * Rate::ONE.units()).contains(&rate) {
            return Ok(Rate::new(rate));
        }
        Err(Problem::new(Code::BodyInvalid, format!("{name}: from 0 to 100")))
    }

    pub fn money(&self, name: &str, currency: Currency) -> Result<Money, Problem> {
        self.units(currency.exponent()).map(Money::new).map_err(|cause| wrong(name, cause))
    }
}

fn wrong(name: &str, cause: DecimalError) -> Problem {
    Problem::new(Code::BodyInvalid, format!("{name}: {cause}"))
}
