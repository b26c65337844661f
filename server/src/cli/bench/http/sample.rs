//! What the server wrote for one checkout, so that the rulers write the same.

use crate::app::App;
use crate::store::{StoreError, Value};

/// The rows of one receipt, as texts.
#[derive(Debug, Clone)]
pub struct Sample {
    pub business: String,
    pub payload: String,
    pub decision: String,
    /// The member's state after it.
    pub state: String,
    pub answer: String,
    pub entries: Vec<SampleEntry>,
}

#[derive(Debug, Clone)]
pub struct SampleEntry {
    pub points: String,
    pub from_account: String,
    pub to_account: String,
    pub amount: i64,
}

/// The newest receipt with everything that was written for it.
pub fn newest(app: &App) -> Result<Option<Sample>, StoreError> {
    app.store.read(|reader| {
        let business = Value::from(app.business);
        let receipt = reader.query_optional(
            "select a.bucket, a.member_id, a.activity_id, a.payload, a.decision, s.state
             from activity a join member_state s
               on s.bucket = a.bucket and s.member_id = a.member_id
             where a.business_id = $1 and a.kind = 'receipt'
             order by a.recorded_at desc, a.activity_id desc limit 1",
            std::slice::from_ref(&business),
        )?;
        let Some(receipt) = receipt else { return Ok(None) };
        let answer = reader.query_optional(
            "select answer from idempotency_key where business_id = $1
             order by recorded_at desc limit 1",
            &[business],
        )?;
        let rows = reader.query(
            "select points, from_account, to_account, amount from entry
             where bucket = $1 and member_id = $2 and activity_id = $3 order by number",
            &[
                receipt.get::<i64>("bucket")?.into(),
                receipt.get::<uuid::Uuid>("member_id")?.into(),
                receipt.get::<uuid::Uuid>("activity_id")?.into(),
            ],
        )?;
        let entries = rows
            .iter()
            .map(|row| {
                Ok(SampleEntry {
                    points: row.get("points")?,
                    from_account: row.get("from_account")?,
                    to_account: row.get("to_account")?,
                    amount: row.get("amount")?,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Some(Sample {
            business: uuid::Uuid::from_u128(app.business.0).to_string(),
            payload: receipt.get("payload")?,
            decision: receipt.get("decision")?,
            state: receipt.get("state")?,
            answer: answer.map_or(Ok(String::new()), |row| row.get("answer"))?,
            entries,
        }))
    })
}
