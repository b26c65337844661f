//! Businesses, their programme versions and their access keys.

use super::uuid;
use crate::store::{Reader, StoreError, Transaction, Value};
use jiff::Timestamp;

/// A tenant. Every row of the database belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessId(pub u128);

impl From<BusinessId> for Value {
    fn from(id: BusinessId) -> Self {
        uuid(id.0).into()
    }
}

/// The one business of this database, if it was made already.
pub fn business_find(reader: &mut Reader<'_>) -> Result<Option<BusinessId>, StoreError> {
    let row = reader.query_optional(
        "select business_id from business order by created_at, business_id limit 1",
        &[],
    )?;
    row.map(|row| Ok(BusinessId(row.get::<uuid::Uuid>("business_id")?.as_u128()))).transpose()
}

pub fn business_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    name: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    transaction.execute(
        "insert into business (business_id, name, created_at) values ($1, $2, $3)",
        &[business.into(), name.into(), at.into()],
    )?;
    Ok(())
}

/// A published version as it is stored.
#[derive(Debug, Clone)]
pub struct VersionRow {
    pub number: u32,
    pub programme_id: String,
    pub in_force_from: Timestamp,
    pub text: String,
    pub published_at: Timestamp,
}

pub fn versions_list(
    reader: &mut Reader<'_>,
    business: BusinessId,
) -> Result<Vec<VersionRow>, StoreError> {
    let rows = reader.query(
        "select number, programme_id, in_force_from, text, published_at
         from programme_version where business_id = $1 order by number",
        &[business.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(VersionRow {
                number: row.get("number")?,
                programme_id: row.get("programme_id")?,
                in_force_from: row.get("in_force_from")?,
                text: row.get("text")?,
                published_at: row.get("published_at")?,
            })
        })
        .collect()
}

/// Adds a version. A number that is taken is an error: versions never change.
pub fn version_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    version: &VersionRow,
    checksum: &[u8],
) -> Result<(), StoreError> {
    transaction.execute(
        "insert into programme_version
         (business_id, number, programme_id, in_force_from, text, checksum, published_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            business.into(),
            version.number.into(),
            version.programme_id.as_str().into(),
            version.in_force_from.into(),
            version.text.as_str().into(),
            checksum.into(),
            version.published_at.into(),
        ],
    )?;
    Ok(())
}

pub fn api_key_add(
    transaction: &mut Transaction<'_>,
    business: BusinessId,
    secret_hash: &[u8],
    name: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    transaction.execute(
        "insert into api_key (business_id, secret_hash, name, created_at) values ($1, $2, $3, $4)",
        &[business.into(), secret_hash.into(), name.into(), at.into()],
    )?;
    Ok(())
}

pub fn api_keys_exist(reader: &mut Reader<'_>, business: BusinessId) -> Result<bool, StoreError> {
    let rows = reader.query(
        "select name from api_key where business_id = $1 and revoked_at is null limit 1",
        &[business.into()],
    )?;
    Ok(!rows.is_empty())
}

/// The name of a key that is in force, found by the hash of its secret.
pub fn api_key_find(
    reader: &mut Reader<'_>,
    business: BusinessId,
    secret_hash: &[u8],
) -> Result<Option<String>, StoreError> {
    let row = reader.query_optional(
        "select name from api_key
         where business_id = $1 and secret_hash = $2 and revoked_at is null",
        &[business.into(), secret_hash.into()],
    )?;
    row.map(|row| row.get("name")).transpose()
}
