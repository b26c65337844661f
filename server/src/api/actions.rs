//! `/v1/actions`: what members do besides buying.

use super::body::Body;
use super::problem::{Code, Problem};
use super::receipts::created;
use super::{ApiState, Integration, members};
use crate::app::natural_key;
use crate::pipeline::Intent;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use symbolon_core::condition::Type;
use symbolon_core::engine::Activity;
use symbolon_core::member::AttributeValue;
use symbolon_core::values::{Key, parse_decimal};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionIn {
    action: String,
    member: members::MemberRef,
    /// What the action is called in the world outside, such as the id of a review. The same
    /// reference is booked once, for ever.
    reference: Option<String>,
    at: Option<Timestamp>,
    #[serde(default)]
    fields: BTreeMap<String, Value>,
}

pub async fn book(
    State(state): State<ApiState>,
    caller: Integration,
    Body(body): Body<ActionIn>,
) -> Result<Response, Problem> {
    if body.reference.is_none() {
        caller.require_idempotency()?;
    }
    let programmes = state.app.programmes();
    let declared = programmes
        .latest()
        .and_then(|latest| latest.programme.find_action(&body.action).map(|(_, action)| action));
    let mut fields = BTreeMap::new();
    for (name, value) in &body.fields {
        let field =
            declared.and_then(|action| action.fields.iter().find(|(key, _)| key.as_str() == name));
        let value = attribute_value(name, value, field.map(|(_, value_type)| *value_type))?;
        fields.insert(Key::new(name), value);
    }
    let natural = body
        .reference
        .as_deref()
        .map(|reference| natural_key("action", [&body.action, reference, "", ""]));
    let activity = Activity::Action { action: Key::new(&body.action), fields };
    let intent = Intent { activity: activity.clone(), natural, label: body.reference };
    let subject = state.subject(&body.member).await?;
    let command = state.command(&caller, subject, intent, state.moments(body.at))?;
    let answer = state.submit(&caller, command).await?;
    Ok(created(&state, &caller, &answer, &activity))
}

/// A JSON value as the declared type. What is not declared is refused by the engine.
pub fn attribute_value(
    name: &str,
    value: &Value,
    wanted: Option<Type>,
) -> Result<AttributeValue, Problem> {
    let wrong = || Problem::new(Code::BodyInvalid, format!("{name}: the value has another type"));
    Ok(match (wanted, value) {
        (Some(Type::Int), Value::Number(number)) => {
            AttributeValue::Integer(number.as_i64().ok_or_else(wrong)?)
        }
        (Some(Type::Decimal), Value::Number(number)) => AttributeValue::Decimal(
            number.as_i64().and_then(|n| n.checked_mul(1_000_000)).ok_or_else(wrong)?,
        ),
        (Some(Type::Decimal), Value::String(text)) => {
            AttributeValue::Decimal(parse_decimal(text, 6).map_err(|_| wrong())?)
        }
        (Some(Type::Bool), Value::Bool(value)) => AttributeValue::Boolean(*value),
        (Some(Type::Date), Value::String(text)) => {
            AttributeValue::Date(text.parse().map_err(|_| wrong())?)
        }
        (Some(Type::Text) | None, Value::String(text)) => AttributeValue::Text(text.clone()),
        _ => return Err(wrong()),
    })
}
