## Stars

stars-back = { $stars } ⭐ are back in your balance.
