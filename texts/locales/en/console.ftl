## The operator's console

console-older = ‹ Older
console-newer = Newer ›
console-none = Nothing here.
console-threads = 💬 Messages of users
console-threads-open = <b>Messages of users</b>. ✉️ waits for an answer.
console-threads-closed = <b>Closed threads</b>
console-show-closed = Closed ones
console-show-open = Open ones
console-thread = 💬 <b>Thread with user</b> <code>{ $id }</code>
console-thread-closed = Closed on { $date }. A new message opens it again.
console-thread-reply = ↩️ Answer
console-thread-close = ✓ Close
console-thread-reopen = Open again
console-thread-files = 📎 Send me the attachments
console-line-user = <b>User</b>, { $date }
console-line-admin = <b>Admin { $admin }</b>, { $date }
console-line-waits = ⏳ Not delivered yet
console-line-photo = 🖼 Photo
console-line-document = 📄 File
console-ask-answer = What would you like to answer user <code>{ $id }</code>? Send words, a photo or a file.
console-answered = ↩️ This goes to user <code>{ $id }</code>. If they have blocked the bot, it waits until they return.
expects-console-answer = Please send the answer: words, a photo or a file. /cancel leaves this.
