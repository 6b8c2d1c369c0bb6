# Appointments, referrals and waits.
appointments-home = Home
appointments-heading = Appointments
appointments-back = Back
appointments-continue = Continue
appointments-change = Change
appointments-your-surgery = your GP surgery
appointments-the-hospital = the hospital

# The list
appointments-upcoming = Coming up
appointments-none-upcoming = You have no appointments coming up.
appointments-waiting-heading = Referrals and waiting lists
appointments-none-waiting = You have no open referrals.
appointments-referrals-closed = Referrals that are finished
appointments-past = Past and cancelled appointments
appointments-past-more = Only the newest { $count } are shown. Your GP surgery and hospitals keep older ones.
appointments-silent = We could not get anything from { $name }
appointments-silent-what = Appointments and referrals there may be missing from this page. Everything else is shown.
appointments-silent-next = Try again in a few minutes, or call them if it cannot wait.
appointments-told-by = From { $name }
appointments-title = { $service } on { $day } at { $time }
appointments-tag-surgery = GP surgery
appointments-tag-hospital = Hospital
appointments-tag-other = Other service
appointments-state-requested = Not confirmed yet
appointments-state-cancelled = Cancelled
appointments-state-attended = Attended
appointments-state-missed = Missed
appointments-state-past = In the past
appointments-state-moved = Time changed
appointments-in-person = In person
appointments-in-person-hint = At the surgery
appointments-by-phone = By phone
appointments-by-phone-hint = The surgery calls you
appointments-by-video = By video
appointments-by-video-hint = You need a phone or computer with a camera
appointments-they-call = They call you
appointments-they-video = By video call

# Booking
appointments-book-heading = Book a GP appointment
appointments-book-intro = Book a time with your GP surgery, in person, by phone or by video. It takes about 3 minutes.
appointments-book-other = If no time suits you, or you do not know what to book:
appointments-urgent-heading = Do not book here if it cannot wait
appointments-urgent = For urgent medical advice call { $urgent }. For a life-threatening emergency call { $emergency }.
appointments-start = Start now
appointments-type-heading = How do you want to be seen?
appointments-type-error = Select how you want to be seen
appointments-when-heading = Choose a day
appointments-when-intro = Appointments { $kind } with { $surgery }, from { $first } to { $last }.
appointments-free =
    { $count ->
        [one] 1 time left
       *[other] { $count } times left
    }
appointments-earlier = Show earlier days
appointments-later = Show later days
appointments-no-slots = There are no free times on these days.
appointments-no-slots-released = You can book up to 8 weeks ahead, as far as the surgery has opened its diary. It opens more days as time goes on, and a time that somebody cancels can be booked at once, so it is worth looking again.
appointments-no-slots-next = The next free times
appointments-next-free = { $kind }: { $day }
appointments-no-slots-any = No time of any kind is free at the moment.
appointments-no-slots-ways = Other ways to get help
appointments-day-full = Every time on this day is taken. Go back to choose another day.
appointments-morning = Morning
appointments-afternoon = Afternoon
appointments-with = with { $name }
appointments-note-heading = What is it about? (optional)
appointments-note-hint = A few words help the surgery to prepare, up to 500 characters. They are read before the appointment and not at once: do not use this for emergencies.
appointments-note-error =
    { $over ->
        [one] What you wrote must be 500 characters or fewer. Remove 1 character
       *[other] What you wrote must be 500 characters or fewer. Remove { $over } characters
    }
appointments-note-none = Nothing
appointments-check-heading = Check your appointment
appointments-row-type = Kind of appointment
appointments-row-day = Day
appointments-row-time = Time
appointments-row-with = With
appointments-row-place = Where
appointments-row-phone = Phone
appointments-row-note = What you wrote
appointments-row-source = Told by
appointments-confirm = Book this appointment
appointments-done-heading = Appointment booked
appointments-next-heading = What happens next
appointments-done-person = Come to the surgery a few minutes before the time. You do not need to bring anything.
appointments-done-phone = The surgery calls the number in your record. Calls may come up to an hour early or late.
appointments-done-video = The surgery sends you a link to the video call before the time.
appointments-done-change = You can change or cancel it here until an hour before.
appointments-calendar = Add to your calendar

# One appointment
appointments-from-to = { $from } to { $to }
appointments-was-changed = Your appointment was changed. The time you had before is free for somebody else.
appointments-was-cancelled = Your appointment was cancelled. The surgery knows, and somebody else can use the time.
appointments-cannot-go = If you cannot go
appointments-cannot-go-words = Change or cancel it, so that somebody else can use the time.
appointments-change-heading = Change the time
appointments-change-from = You have { $moment } now.
appointments-change-to = You would have { $moment } instead.
appointments-change-confirm = Change to this time
appointments-keep = Keep it as it is
appointments-cancel-heading = Cancel this appointment
appointments-cancel-words = The time goes to somebody else. You can book another time afterwards.
appointments-cancel-confirm = Cancel the appointment
appointments-too-late-words = It begins too soon to change or cancel it here.
appointments-call = Call { $who } on { $phone }.
appointments-call-relay = If you do not hear or speak, use text relay on { $relay }.
appointments-call-unknown = Call { $who }. Their number is on their letters to you.

# Calendar entry
appointments-ics-surgery = GP appointment
appointments-ics-hospital = Hospital appointment
appointments-ics-other = Health appointment
appointments-ics-phone = To change it call { $phone }

# Refusals
appointments-gone-heading = This time is no longer free
appointments-gone = Somebody else booked it, or it has begun. Nothing was booked for you.
appointments-gone-moving = Somebody else booked it, or it has begun. Your appointment stays as it was.
appointments-alternatives = Times that are free now
appointments-limit-heading = You cannot book another appointment here
appointments-limit = You have { $count } appointments with your GP surgery coming up, which is as many as you can book here. Cancel one that you do not need, or call the surgery.
appointments-too-late-heading = It is too late to do this here
appointments-too-late = The appointment begins in less than { $minutes } minutes. Please call.
appointments-by-phone-only-heading = Change this appointment by phone
appointments-by-phone-only = This appointment was not booked here, so it can only be changed by phone.
appointments-over-heading = This appointment is over
appointments-over = It has taken place or was cancelled, so there is nothing to change.
appointments-no-surgery-heading = You cannot book with your surgery here
appointments-no-surgery = Your record names no GP surgery that offers appointments here. Call your surgery to book.
appointments-under-16-heading = You need to be 16 to see this here
appointments-under-16 = You can see your own referrals and hospital appointments here when you are 16. Until then, ask a parent or carer, or talk to your GP surgery or hospital. You can always talk to them yourself.
appointments-note-too-long = What you wrote is too long

# Referrals and waits
appointments-referral-title = { $specialty } referral
appointments-referral-sent = Sent
appointments-referral-sent-next = The hospital has your referral and has not looked at it yet. You do not need to do anything.
appointments-referral-accepted = Accepted
appointments-referral-accepted-next = The hospital accepted your referral and you are on its waiting list. It will send you an appointment.
appointments-referral-appointed = Appointment made
appointments-referral-appointed-next = You have an appointment. Tell the hospital if you cannot go.
appointments-referral-completed = Finished
appointments-referral-completed-next = You were seen. The hospital writes to you and your GP surgery.
appointments-referral-returned = Sent back with advice
appointments-referral-returned-next = The hospital did not make an appointment. It wrote to your GP surgery instead:
appointments-referral-cancelled = Withdrawn
appointments-referral-cancelled-next = This referral was withdrawn. Ask your GP surgery if you do not know why.
appointments-referral-on-hold = On hold
appointments-referral-on-hold-next = Your referral is on hold for now. The hospital or your GP surgery can tell you why.
appointments-about-referral = About this referral
appointments-row-by = Referred by
appointments-row-on = Referred on
appointments-row-priority = Priority
appointments-urgent-priority = Urgent
appointments-row-ubrn = Booking reference
appointments-waiting-title = { $specialty } waiting list
appointments-waiting-since = Waiting since { $day }
appointments-waiting-over = You are no longer on this waiting list.
appointments-row-since = Since
appointments-row-waited = You have waited
appointments-weeks =
    { $weeks ->
        [0] Less than 1 week
        [one] 1 week
       *[other] { $weeks } weeks
    }
appointments-waits-heading = How long people wait
appointments-waits =
    { $weeks ->
        [0] 8 in 10 people wait less than 1 week
        [one] 8 in 10 people wait up to 1 week
       *[other] 8 in 10 people wait up to { $weeks } weeks
    }
appointments-waits-mean =
    { $weeks ->
        [0] The average wait at { $who } is less than 1 week, from referral to the first appointment. Urgent referrals are seen sooner.
        [one] The average wait at { $who } is 1 week, from referral to the first appointment. Urgent referrals are seen sooner.
       *[other] The average wait at { $who } is { $weeks } weeks, from referral to the first appointment. Urgent referrals are seen sooner.
    }
appointments-waits-when = From everybody who was seen in the year to { $day }.
appointments-waits-too-few = Too few people were seen in the last year to say how long it takes.
appointments-waits-elsewhere = The hospital has not told us how long people wait. Call them to ask.
appointments-worse = If your symptoms get worse while you wait, tell your GP surgery. They can ask the hospital to see you sooner.

# A question to the surgery
appointments-ask-heading = Ask your GP surgery
appointments-ask-intro = Ask for advice, or for an appointment when none of the free times suits you. The surgery answers within 2 working days.
appointments-ask-label = What do you need help with?
appointments-ask-hint = Say what is wrong, since when, and when you can be reached. Up to 500 characters.
appointments-ask-empty = Enter what you need help with
appointments-ask-check-heading = Check what you send
appointments-ask-row = Your question
appointments-ask-send = Send to the surgery
appointments-asked-heading = Sent to your GP surgery
appointments-asked = The surgery has your question
appointments-asked-next = Somebody at the surgery reads it and answers by phone or letter within 2 working days. Call 111 if it gets worse before then.

# On the home page
appointments-matter-soon = Soon:
appointments-matter-moved = Your appointment has another time.
appointments-matter-moved-from = It was on { $day } at { $time }.
appointments-matter-cancelled = Your appointment was cancelled.
appointments-matter-cancelled-words = The surgery or hospital cancelled it.
appointments-matter-returned = Your referral was sent back with advice.
appointments-matter-returned-by = { $place } made no appointment.

# What a surgery or a list is called when it has no name.
appointments-surgery = Your GP surgery
appointments-waiting-list = Waiting list
# What an appointment is called that has no service.
appointments-booked-online = Booked online
