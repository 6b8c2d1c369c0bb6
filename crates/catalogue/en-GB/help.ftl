# Ways to get help that do not need this site.
help-heading = Help
help-unwell = If you are unwell now
help-unwell-how = For life-threatening emergencies call { $emergency }. For urgent medical advice call { $urgent }.
help-unwell-more = Get urgent help
help-phone = Talk to a person by phone
help-phone-line = Call the help line: { $phone }. If a page gave you a reference, have it ready.
help-phone-none = This site has no help line of its own yet. Call your GP surgery or your hospital’s switchboard.
help-relay = Text relay
help-relay-how = If you cannot hear or speak on the phone, dial { $prefix } before any of these numbers with the Relay UK app or a textphone.
help-bsl = British Sign Language
help-bsl-how = You can ask for a British Sign Language (BSL) interpreter at any appointment. For 999, a BSL video service works through the 999 BSL app.
help-person = Talk to a person face to face
help-person-how = The reception of your GP surgery or hospital can do with you, or for you, everything that this site does. You do not need to use it.
