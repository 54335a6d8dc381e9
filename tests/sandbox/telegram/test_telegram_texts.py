"""Texts: limits, HTML, entities, trimming."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile
from aiogram.utils.formatting import Bold, Italic, Text

from tests.sandbox.telegram.clients import Picture, RawApi


async def test_html_becomes_entities_counted_in_utf16(bot: Bot, chat: int) -> None:
    message = await bot.send_message(
        chat, "😀 <b>жирный</b> <i>x</i> &lt;&amp;&#33;", parse_mode="HTML"
    )
    assert message.text == "😀 жирный x <&!"
    assert [(e.type, e.offset, e.length) for e in message.entities or []] == [
        ("bold", 3, 6),
        ("italic", 10, 1),
    ]


@pytest.mark.parametrize(
    ("html", "refusal"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("ю<b", "Unclosed start tag at byte offset 2"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=x!>y</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
async def test_bad_html_is_refused_with_the_byte_offset(
    raw: RawApi, chat: int, html: str, refusal: str
) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text=html, parse_mode="HTML")
    assert said == f"Bad Request: can't parse entities: {refusal}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("a & b &copy; <b></b>", "a & b &copy;", []),
        ("<b>a</b><b>b</b>", "ab", [("bold", 0, 2)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("  <u>x </u>  ", "x", [("underline", 0, 1)]),
        ("<code><b>x</b></code>", "x", [("code", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<B>x</B> <DEL>y</del>", "x y", [("bold", 0, 1), ("strikethrough", 2, 1)]),
        ('<a href="http://localhost:8081/">x</a>', "x", []),
        ("<code>see example.com</code>", "see example.com", [("code", 0, 15)]),
    ],
)
async def test_html_is_read_as_the_server_reads_it(
    raw: RawApi, chat: int, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    answer = await raw("sendMessage", chat_id=chat, text=html, parse_mode="html")
    message = answer["result"]
    found = [(e["type"], e["offset"], e["length"]) for e in message.get("entities", [])]
    assert (message["text"], found) == (text, entities)


async def test_links_and_code_keep_their_arguments(bot: Bot, chat: int) -> None:
    html = (
        '<a href="https://example.com?a=1&amp;b=2">x</a> '
        '<pre><code class="language-py">y</code></pre>'
        '<a href="tg://user?id=5">z</a>'
    )
    message = await bot.send_message(chat, html, parse_mode="HTML")
    link, code, mention = message.entities or []
    assert (link.type, link.url) == ("text_link", "https://example.com/?a=1&b=2")
    assert (code.type, code.language) == ("pre", "py")
    assert mention.user is not None
    assert mention.user.id == 5


async def test_entities_without_a_parse_mode_are_kept(bot: Bot, chat: int) -> None:
    content = Text("😀 ", Bold("b"), " ", Italic("i"))
    message = await bot.send_message(chat, **content.as_kwargs())
    assert [(e.type, e.offset) for e in message.entities or []] == [("bold", 3), ("italic", 5)]


async def test_addresses_commands_mentions_and_tags_are_found(bot: Bot, chat: int) -> None:
    text = (
        "/help@neurophoto_sandbox_bot see https://fal.ai/models. @durov_x #tag me@example.com 1/2"
    )
    message = await bot.send_message(chat, text)
    found = [(e.type, e.extract_from(text)) for e in message.entities or []]
    assert found == [
        ("bot_command", "/help@neurophoto_sandbox_bot"),
        ("url", "https://fal.ai/models"),
        ("mention", "@durov_x"),
        ("hashtag", "#tag"),
        ("email", "me@example.com"),
    ]


async def test_text_is_trimmed(bot: Bot, chat: int) -> None:
    assert (await bot.send_message(chat, " \n hello \n ")).text == "hello"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        ("  \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("я" * 16385, "text is too long"),
    ],
)
async def test_texts_out_of_range_are_refused(
    raw: RawApi, chat: int, text: str, refusal: str
) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text=text)
    assert said == f"Bad Request: {refusal}"


async def test_length_counts_after_parsing(bot: Bot, chat: int) -> None:
    message = await bot.send_message(chat, f"<b>{'я' * 4096}</b>", parse_mode="HTML")
    assert len(message.text or "") == 4096


async def test_unknown_parse_modes_are_refused(raw: RawApi, chat: int) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text="x", parse_mode="bbcode")
    assert said == "Bad Request: unsupported parse_mode"


@pytest.mark.parametrize(
    ("mode", "text"),
    [("MarkdownV2", "*b* _i_ `c`"), ("Markdown", "*b* _i_ `c`"), ("None", "b i c")],
)
async def test_every_parse_mode_is_read(bot: Bot, chat: int, mode: str, text: str) -> None:
    message = await bot.send_message(chat, text, parse_mode=mode)
    assert message.text == "b i c"
    expected = [] if mode == "None" else [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]
    assert [(e.type, e.offset, e.length) for e in message.entities or []] == expected


async def test_bad_markdown_is_refused_through_the_api(raw: RawApi, chat: int) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text="1. x", parse_mode="MarkdownV2")
    assert said == (
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with "
        "the preceding '\\'"
    )


async def test_custom_emoji_need_a_right_and_dates_do_not(bot: Bot, chat: int) -> None:
    html = (
        '<tg-emoji emoji-id="5">👍</tg-emoji> <tg-time unix="1700000000" format="Dt">x</tg-time>'
    )
    message = await bot.send_message(chat, html, parse_mode="HTML")
    (moment,) = message.entities or []
    assert (moment.type, moment.unix_time, moment.date_time_format) == (
        "date_time",
        1700000000,
        "Dt",
    )


@pytest.mark.parametrize(
    ("entity", "refusal"),
    [
        ("5", "expected an Object"),
        ('{"length":1,"type":"bold"}', 'Can\'t find field "offset"'),
        ('{"offset":0,"length":[],"type":"bold"}', 'Field "length" must be of type Number'),
        ('{"offset":0,"length":1,"type":"shout"}', "Unsupported type specified"),
        ('{"offset":0,"length":1,"type":""}', "Type is not specified"),
        ('{"offset":0,"length":1,"type":"text_link"}', 'Can\'t find field "url"'),
    ],
)
async def test_bad_entities_are_refused(raw: RawApi, chat: int, entity: str, refusal: str) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text="x", entities=f"[{entity}]")
    assert said == f"Bad Request: can't parse MessageEntity: {refusal}"


@pytest.mark.parametrize(
    ("offset", "length", "refusal"),
    [
        (1, 1, "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            0,
            1,
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at "
            "byte offset 4",
        ),
        (
            0,
            9,
            "entity beginning at UTF-16 offset 0 ends after the end of the text at "
            "UTF-16 offset 9",
        ),
        (7, 1, "entity begins after the end of the text at UTF-16 offset 7"),
        (-1, 1, "receive an entity with incorrect offset -1"),
    ],
)
async def test_entities_outside_the_text_are_refused(
    raw: RawApi, chat: int, offset: int, length: int, refusal: str
) -> None:
    entities = f'[{{"offset":{offset},"length":{length},"type":"bold"}}]'
    said = await raw.refusal("sendMessage", chat_id=chat, text="😀xy", entities=entities)
    assert said == f"Bad Request: {refusal}"


async def test_a_caption_has_1024_characters(bot: Bot, chat: int, picture: Picture) -> None:
    photo = BufferedInputFile(picture(), "a.jpg")
    message = await bot.send_photo(
        chat, photo, caption="<b>" + "я" * 1024 + "</b>", parse_mode="HTML"
    )
    assert len(message.caption or "") == 1024
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(chat, photo, caption="я" * 1025)
