## Writing to the operator, and the answers

support-contact = 💬 Contact the operator
support-ask =
    <b>What would you like to tell the operator?</b>
    Send one message: words, a photo, a file, or an album. I pass on that message with your Telegram id, and nothing else of yours. The answer comes here.
support-passed-on = 💬 Your message is with the operator. The answer will come here; you can reply to it, or write more with the button.
support-nobody =
    This bot has no operator yet.
    /help answers most questions. If you know who runs this bot, write to them and give them your id: <code>{ $id }</code>
support-answer = 💬 <b>The operator writes</b>
support-from-user = ✉️ <b>User</b> <code>{ $id }</code>
support-from-admin = ↩️ Admin <code>{ $admin }</code> has answered user <code>{ $id }</code>
support-code = Code of the error: <code>{ $code }</code>
support-open = 💬 Open the thread
expects-support = Please send what the operator should know: words, a photo or a file. /cancel leaves this.
error-nobody-to-ask = This bot has no operator yet. If you know who runs it, give them your id: { $id }
error-support-too-long = That is too long for one message: { $max } characters fit. Please send it in parts, or as a file.
error-support-too-often = You have written { $max } messages within an hour, which is the most I can pass on. Please wait a little.
