//! Members among each other: shares for those who brought them, points from hand to hand, and
//! two members that are one. What one means for another travels in any order, late, and twice.

mod merging;
mod sharing;
mod village;
