"""Let PostgreSQL keep updates, find whose they are and wake them in one trip.

It is a function, as whoever holds the lock of a lane must have committed before the rows of that lane are looked at:
in a volatile function each statement sees what was committed until it began.
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

PUT_UPDATES = """
CREATE FUNCTION put_updates(
    ids bigint[], lanes bigint[], urgencies boolean[], digests bigint[], payloads text[],
    takers integer[], moment timestamptz, me integer, channel text, words text
) RETURNS TABLE (number bigint, hand integer, is_behind boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- In one order, lest two of these wait for each other.
    PERFORM pg_advisory_xact_lock(28272, hash)
    FROM (SELECT DISTINCT hashint8(unnest(lanes)) AS hash ORDER BY hash) AS hashes;

    FOR number, hand, is_behind IN
        INSERT INTO inbox (update_id, lane, urgent, digest, payload, received_at, owner)
        SELECT n.update_id, n.lane, n.urgent, n.digest, n.payload, moment,
            CASE WHEN before.lane IS NULL THEN n.taker ELSE before.owner END
        FROM unnest(ids, lanes, urgencies, digests, payloads, takers)
            AS n(update_id, lane, urgent, digest, payload, taker)
        LEFT JOIN LATERAL (
            SELECT i.lane, i.owner FROM inbox i
            WHERE i.lane = n.lane AND i.payload IS NOT NULL LIMIT 1
        ) AS before ON true
        ORDER BY n.update_id
        ON CONFLICT (update_id) DO UPDATE SET lane = excluded.lane, urgent = excluded.urgent,
            digest = excluded.digest, payload = excluded.payload, owner = excluded.owner,
            received_at = excluded.received_at
        WHERE inbox.digest <> excluded.digest
        RETURNING inbox.update_id, inbox.owner, EXISTS (
            SELECT 1 FROM inbox b WHERE b.lane = inbox.lane AND b.payload IS NOT NULL
        )
    LOOP
        -- The same words twice in one transaction are sent once.
        IF words <> '' AND hand IS DISTINCT FROM me THEN
            PERFORM pg_notify(channel, words || ' ' || coalesce(hand::text, ''));
        END IF;
        RETURN NEXT;
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(PUT_UPDATES)
