//! Coupons, gift certificates and cards: their life, their codes, and dated stories (C1, C5, D8).

mod codes;
mod life;
mod returns;
mod stories;
