# Messages and letters: the inbox, threads, writing, what goes out by email, text message and post; and the pages of staff.
messages-heading = Messages
messages-home = Home
messages-lede = { $count ->
    [0] You have no new messages.
    [one] You have 1 new message.
   *[other] You have { $count } new messages.
}
messages-empty = You have no messages.
messages-write = Write a message
messages-new = { $count ->
    [one] New
   *[other] { $count } new
}
messages-attention = { $count ->
    [one] 1 new message
   *[other] { $count } new messages
}
messages-attention-from = The last is from { $who }.
messages-last = Last: { $who }, { $moment }
messages-you = You
messages-service = Your health service

messages-kind-message = Message
messages-kind-question = Your question to the GP surgery
messages-kind-family = About acting for somebody
messages-kind-application = Your application to act for somebody
messages-kind-assisted = What we did for you
messages-kind-letter = A letter for you
messages-kind-review = About who opened your record

messages-with = With { $names }
messages-referral = About your referral: { $referral }. You, your GP surgery and the hospital team all see this conversation.
messages-print = Print as a letter
messages-print-which = : message of { $moment }
messages-print-how = Use your browser’s print command. Only the letter is printed, on A4.
messages-closed-mark = { $who } closed its part of this conversation, { $moment }

messages-reply = Reply
messages-reply-to = Your reply goes to { $names }.
messages-reply-label = Your reply
messages-text-hint = Up to { $count } characters. Do not send pictures or documents: bring them to your appointment.
messages-continue = Continue
messages-closed = { $who } closed this conversation on { $day }. If you still need something, write a new message.
messages-over = The people in this conversation no longer read it, because you have changed surgery or the referral is over. To write to those who look after you now, write a new message.
messages-no-reply = You cannot reply to this message. If you have a question, call your GP surgery.

messages-not-urgent = Messages are not for emergencies: nobody reads them at night or at weekends. If it cannot wait, call { $urgent }. If it is life-threatening, call { $emergency }.
messages-emergency-heading = Call 999 if you have signs of an emergency now
messages-emergency-call = What you wrote may be a sign of something that cannot wait for an answer to a message. Call { $emergency } or go to A&E now if it is happening now.
messages-emergency-else = If you are not sure, call { $urgent }, at any time. For your mental health, call { $urgent } and choose option 2.
messages-emergency-not-read = Your message has not been sent. If this is not happening now, you can still send it.

messages-to = Who is your message for?
messages-to-surgery = Your GP surgery
messages-to-referral = About your referral: { $referral }. Your GP surgery sees it too.
messages-nobody = There is nobody you can write to here: your record names no GP surgery and no open referral. Call the health service that looks after you.
messages-words = Your message
messages-words-to = To { $name }
messages-words-referral = You, your GP surgery and the hospital team all see this conversation.
messages-words-phone = If you would rather talk, call { $phone }.
messages-subject = What is it about?
messages-subject-hint = A few words, for example: test for my knee
messages-text = What do you want to say?

messages-check = Check your message
messages-check-urgent = Before you send this
messages-change = Change
messages-row-to = To
messages-row-about = Conversation
messages-row-readers = Goes to
messages-row-subject = About
messages-row-text = Message
messages-send = Send message
messages-send-anyway = This is not happening now: send my message

messages-sent = Message sent
messages-sent-to = { $names } will read it.
messages-next = What happens next
messages-next-when = They aim to answer within 2 working days. If you hear nothing by then, or things get worse, call them.
messages-sent-app = The answer comes to your messages here. If you do not open it, we tell you by email or text message, and then by letter.
messages-sent-email = The answer comes to your messages here, and we send you an email when it is there.
messages-sent-text = The answer comes to your messages here, and we send you a text message when it is there.
messages-sent-letter = The answer comes to your messages here, and we send it to you as a letter.

messages-wrong-nobody = Select who your message is for
messages-wrong-subject = Enter what your message is about
messages-wrong-subject-long = What it is about must be { $count } characters or fewer
messages-wrong-text = Enter your message
messages-wrong-text-long = Your message must be { $count } characters or fewer
messages-wrong-urgent = Read where to go with what cannot wait, and then send your message again
messages-wrong-many = You have sent { $count } messages in the last 24 hours. Call instead, or write again tomorrow
messages-wrong-closed = This conversation is closed. Write a new message instead

messages-opened = Opened by the patient, { $moment }
messages-unopened = In the patient’s messages, not opened yet
messages-by-app = Site
messages-by-email = Email
messages-by-text = Text message
messages-by-letter = Letter
messages-step-sent = { $channel } sent, { $moment }
messages-step-failed = { $channel } failed, { $moment }; will be tried again
messages-step-refused = { $channel } not possible, { $moment }
messages-lost = Could not be brought by email, text message or letter: call the patient

messages-notice-subject = You have a new message about your health care
messages-notice = You have a new message about your health care. Sign in to read it: { $place }. This message is sent automatically; you cannot reply to it.
messages-notice-nowhere = You have a new message about your health care. Sign in to your health record to read it. This message is sent automatically; you cannot reply to it.

messages-letter-title = Letter to { $name }
messages-letter-phone = Phone: { $phone }
messages-letter-dear = Dear { $name }
messages-letter-papers = With this letter: { $papers }
messages-letter-help = If you need help to read this letter, or have a question about it, call us. You can use text relay: dial 18001 before our number.
messages-letter-language = Your record says that you prefer { $language }. Call us to have this letter in { $language }.
messages-letter-interpreter = You can have an interpreter when you call or visit us.
messages-letter-format = This letter also comes to you in the format that you asked for.
messages-letter-reference = Reference: { $reference }

messages-work = Messages
messages-work-lede = Whoever waits longest stands first. A patient is to have an answer within 2 working days.
messages-work-home = My work
messages-work-empty = No messages.
messages-work-patient = Patient
messages-work-about = About
messages-work-with = Others who read it
messages-work-waits = Waits for you
messages-work-last = Last message
messages-work-urgent = May be urgent: read now
messages-work-overdue = { $ago }: overdue, answer was due by { $day }
messages-work-by = { $ago }: answer by { $day }
messages-work-none = No
messages-case-record = Open the record
messages-case-needs = { $name } { $needs }.
messages-referral-staff = On the referral: { $referral }. The patient, the GP surgery and the hospital team all see this conversation.
messages-case-nobody = You cannot write to this patient here: they are not registered with your surgery, and no open referral goes to you.
messages-case-interpreter = needs an interpreter
messages-case-language = prefers { $language }
messages-case-large = reads large print
messages-case-braille = reads braille
messages-case-audio = needs audio
messages-case-easy = reads Easy Read
messages-case-all = The patient and { $names } read your answer.
messages-case-one = The patient reads your answer.
messages-case-label = Your answer
messages-case-hint = Up to { $count } characters, in plain English. The patient reads it as you write it.
messages-case-send = Send
messages-case-closed = { $who } closed this on { $day }. You can still answer: that opens it again.
messages-case-over = You cannot answer here: the patient is registered elsewhere, or the referral is over.
messages-case-close-heading = Nothing more to do
messages-case-close-words = Closes your part. The patient sees that you closed it and is asked to write a new message.
messages-case-close = Close this conversation
messages-case-write = Write to this patient
messages-case-to = Who is it for?
messages-case-to-patient = The patient only
messages-case-to-referral = The patient and everybody on the referral: { $referral }
