"""Small pieces that several pages share: rail, top bar, subject band, chips, empty states, lock screen."""
