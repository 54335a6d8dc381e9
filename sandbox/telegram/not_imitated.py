"""Methods of the Bot API that this Telegram has not: refused by name, since a 404 were untrue."""

# Bot API 10.3, as listed at core.telegram.org/bots/api.
_NAMES = """
    addStickerToSet answerChatJoinRequestQuery answerGuestQuery
    answerShippingQuery answerWebAppQuery approveChatJoinRequest
    approveSuggestedPost banChatMember banChatSenderChat close closeForumTopic
    closeGeneralForumTopic convertGiftToStars copyMessages createChatInviteLink
    createChatSubscriptionInviteLink createForumTopic createNewStickerSet
    declineChatJoinRequest declineSuggestedPost deleteAllMessageReactions deleteBusinessMessages
    deleteChatPhoto deleteChatStickerSet deleteEphemeralMessage deleteForumTopic
    deleteMessageReaction deleteStickerFromSet deleteStickerSet deleteStory editChatInviteLink
    editChatSubscriptionInviteLink editEphemeralMessageCaption editEphemeralMessageMedia
    editEphemeralMessageReplyMarkup editEphemeralMessageText editForumTopic
    editGeneralForumTopic editMessageChecklist editMessageLiveLocation editStory
    exportChatInviteLink forwardMessages getAvailableGifts
    getBusinessAccountGifts getBusinessAccountStarBalance getBusinessConnection
    getChatAdministrators getChatGifts getChatMember getChatMemberCount getCustomEmojiStickers
    getForumTopicIconStickers getGameHighScores getManagedBotAccessSettings getManagedBotToken
    getMyDefaultAdministratorRights getStickerSet
    getUserChatBoosts getUserGifts getUserPersonalChatMessages getUserProfileAudios
    giftPremiumSubscription hideGeneralForumTopic leaveChat logOut postStory promoteChatMember
    readBusinessMessage removeBusinessAccountProfilePhoto
    removeChatVerification removeMyProfilePhoto removeUserVerification reopenForumTopic
    reopenGeneralForumTopic replaceManagedBotToken replaceStickerInSet repostStory
    restrictChatMember revokeChatInviteLink savePreparedKeyboardButton
    sendAnimation sendAudio sendChatJoinRequestWebApp sendChecklist sendContact sendDice
    sendGame sendGift sendLivePhoto sendLocation sendMessageDraft sendPaidMedia
    sendPoll sendRichMessage sendRichMessageDraft sendSticker sendVenue sendVideo sendVideoNote
    sendVoice setBusinessAccountBio setBusinessAccountGiftSettings setBusinessAccountName
    setBusinessAccountProfilePhoto setBusinessAccountUsername setChatAdministratorCustomTitle
    setChatDescription setChatMemberTag setChatPermissions setChatPhoto setChatStickerSet
    setChatTitle setCustomEmojiStickerSetThumbnail setGameScore setManagedBotAccessSettings
    setMyDefaultAdministratorRights setPassportDataErrors setStickerEmojiList
    setStickerKeywords setStickerMaskPosition setStickerPositionInSet setStickerSetThumbnail
    setStickerSetTitle setUserEmojiStatus stopMessageLiveLocation stopPoll
    transferBusinessAccountStars transferGift unbanChatMember unbanChatSenderChat
    unhideGeneralForumTopic unpinAllForumTopicMessages unpinAllGeneralForumTopicMessages
    upgradeGift uploadStickerFile verifyChat verifyUser
"""

NOT_IMITATED = frozenset(_NAMES.split())
